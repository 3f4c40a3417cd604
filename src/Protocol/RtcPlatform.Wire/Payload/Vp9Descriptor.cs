using System.Buffers.Binary;

namespace RtcPlatform.Wire.Payload;

/// <summary>The VP9 payload descriptor (RFC 9628 section 4.2).</summary>
public readonly record struct Vp9Descriptor
{
    private const int MaxReferences = 3;

    /// <summary>Octets before the VP9 payload.</summary>
    public int Length { get; private init; }

    public bool HasPictureId { get; private init; }

    /// <summary>7 or 15 bits.</summary>
    public ushort PictureId { get; private init; }

    /// <summary>P: depends on an earlier picture.</summary>
    public bool IsInterPicturePredicted { get; private init; }

    /// <summary>L: whether the layer fields were sent.</summary>
    public bool HasLayers { get; private init; }

    /// <summary>F: references are named one by one, instead of by a structure sent before.</summary>
    public bool IsFlexible { get; private init; }

    /// <summary>B: first packet of a frame (of one spatial layer).</summary>
    public bool IsStartOfFrame { get; private init; }

    /// <summary>E: last packet of a frame (of one spatial layer).</summary>
    public bool IsEndOfFrame { get; private init; }

    /// <summary>Z: no higher spatial layer of a later picture needs this one.</summary>
    public bool IsNotReferenceForUpperLayers { get; private init; }

    /// <summary>0 to 7.</summary>
    public byte TemporalLayer { get; private init; }

    /// <summary>U: a receiver may switch up to this temporal layer here.</summary>
    public bool IsSwitchingUpPoint { get; private init; }

    /// <summary>0 to 7.</summary>
    public byte SpatialLayer { get; private init; }

    /// <summary>D: depends on the next lower spatial layer of the same picture.</summary>
    public bool IsInterLayerDependent { get; private init; }

    /// <summary>Running index of base layer pictures, in the non-flexible mode only.</summary>
    public byte Tl0PicIdx { get; private init; }

    /// <summary>V: the scalability structure follows; encoders send it with key pictures.</summary>
    public bool HasScalabilityStructure { get; private init; }

    /// <summary>Spatial layers in the structure, 1 to 8; 0 when it was not sent.</summary>
    public byte SpatialLayerCount { get; private init; }

    /// <summary>The first packet of a key picture: a subscriber may begin here.</summary>
    public bool IsKeyFrameStart => !IsInterPicturePredicted && IsStartOfFrame && SpatialLayer == 0;

    public static bool TryRead(ReadOnlySpan<byte> payload, out Vp9Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        byte first = payload[0];
        var result = new Vp9Descriptor
        {
            HasPictureId = (first & 0x80) != 0,
            IsInterPicturePredicted = (first & 0x40) != 0,
            HasLayers = (first & 0x20) != 0,
            IsFlexible = (first & 0x10) != 0,
            IsStartOfFrame = (first & 0x08) != 0,
            IsEndOfFrame = (first & 0x04) != 0,
            HasScalabilityStructure = (first & 0x02) != 0,
            IsNotReferenceForUpperLayers = (first & 0x01) != 0,
        };
        int length = 1;
        if (!TryReadPictureId(payload, ref result, ref length)
            || !TryReadLayers(payload, ref result, ref length)
            || !TrySkipReferences(payload, result, ref length)
            || !TryReadStructure(payload, ref result, ref length)
            || payload.Length <= length)
        {
            return false;
        }

        descriptor = result with { Length = length };
        return true;
    }

    private static bool TryReadPictureId(ReadOnlySpan<byte> payload, ref Vp9Descriptor descriptor, ref int length)
    {
        if (!descriptor.HasPictureId)
        {
            return true;
        }

        bool isLong = payload.Length > length && (payload[length] & 0x80) != 0;
        int octets = isLong ? 2 : 1;
        if (payload.Length < length + octets)
        {
            return false;
        }

        descriptor = descriptor with
        {
            PictureId = isLong ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[length..]) & 0x7FFF) : payload[length],
        };
        length += octets;
        return true;
    }

    private static bool TryReadLayers(ReadOnlySpan<byte> payload, ref Vp9Descriptor descriptor, ref int length)
    {
        if (!descriptor.HasLayers)
        {
            return true;
        }

        int octets = descriptor.IsFlexible ? 1 : 2;
        if (payload.Length < length + octets)
        {
            return false;
        }

        byte layers = payload[length];
        descriptor = descriptor with
        {
            TemporalLayer = (byte)(layers >> 5),
            IsSwitchingUpPoint = (layers & 0x10) != 0,
            SpatialLayer = (byte)((layers >> 1) & 7),
            IsInterLayerDependent = (layers & 1) != 0,
            Tl0PicIdx = descriptor.IsFlexible ? (byte)0 : payload[length + 1],
        };
        length += octets;
        return true;
    }

    private static bool TrySkipReferences(ReadOnlySpan<byte> payload, in Vp9Descriptor descriptor, ref int length)
    {
        if (!descriptor.IsInterPicturePredicted || !descriptor.IsFlexible)
        {
            return true;
        }

        for (int reference = 0; reference < MaxReferences; reference++)
        {
            if (payload.Length <= length)
            {
                return false;
            }

            if ((payload[length++] & 1) == 0)
            {
                return true;
            }
        }

        // A third difference that announces a fourth is not VP9.
        return false;
    }

    private static bool TryReadStructure(ReadOnlySpan<byte> payload, ref Vp9Descriptor descriptor, ref int length)
    {
        if (!descriptor.HasScalabilityStructure)
        {
            return true;
        }

        if (payload.Length <= length)
        {
            return false;
        }

        byte head = payload[length++];
        byte layers = (byte)((head >> 5) + 1);
        descriptor = descriptor with { SpatialLayerCount = layers };
        if ((head & 0x10) != 0)
        {
            length += layers * 4;
        }

        if ((head & 0x08) == 0)
        {
            return true;
        }

        if (payload.Length <= length)
        {
            return false;
        }

        int pictures = payload[length++];
        for (int picture = 0; picture < pictures; picture++)
        {
            if (payload.Length <= length)
            {
                return false;
            }

            length += 1 + ((payload[length] >> 2) & 3);
        }

        return true;
    }
}

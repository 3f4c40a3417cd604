using System.Buffers.Binary;

namespace RtcPlatform.Wire.Payload;

/// <summary>
/// The VP8 payload descriptor (RFC 7741 section 4.2) and the one bit of the payload header that tells a key frame
/// (section 4.3). Offsets are given so that a subscriber's copy can be renumbered in place.
/// </summary>
public readonly record struct Vp8Descriptor
{
    /// <summary>Octets before the VP8 payload header.</summary>
    public int Length { get; private init; }

    /// <summary>No other frame refers to this one.</summary>
    public bool IsNonReference { get; private init; }

    /// <summary>First packet of the first partition.</summary>
    public bool IsStartOfFrame { get; private init; }

    public bool IsKeyFrame { get; private init; }

    /// <summary>Where the picture id stands, 0 = absent.</summary>
    public int PictureIdOffset { get; private init; }

    /// <summary>The id has 15 bits in two octets instead of 7 in one.</summary>
    public bool IsLongPictureId { get; private init; }

    public ushort PictureId { get; private init; }

    /// <summary>Where the running index of base layer frames stands, 0 = absent.</summary>
    public int Tl0PicIdxOffset { get; private init; }

    public byte Tl0PicIdx { get; private init; }

    /// <summary>Whether <see cref="TemporalLayer"/> and <see cref="IsLayerSync"/> were sent.</summary>
    public bool HasTemporalLayer { get; private init; }

    /// <summary>0 to 3.</summary>
    public byte TemporalLayer { get; private init; }

    /// <summary>The frame depends on the base layer only: a receiver may switch up to its layer here.</summary>
    public bool IsLayerSync { get; private init; }

    public bool IsKeyFrameStart => IsKeyFrame && IsStartOfFrame;

    public static bool TryRead(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        byte first = payload[0];
        bool isStart = (first & 0x10) != 0 && (first & 0x07) == 0;
        var result = new Vp8Descriptor { IsNonReference = (first & 0x20) != 0, IsStartOfFrame = isStart };
        int length = 1;
        if ((first & 0x80) != 0 && !TryReadExtension(payload, ref result, ref length))
        {
            return false;
        }

        // A descriptor without payload is no packet (RFC 7741 section 4.2).
        if (payload.Length <= length)
        {
            return false;
        }

        descriptor = result with { Length = length, IsKeyFrame = isStart && (payload[length] & 0x01) == 0 };
        return true;
    }

    private static bool TryReadExtension(ReadOnlySpan<byte> payload, ref Vp8Descriptor descriptor, ref int length)
    {
        if (payload.Length <= length)
        {
            return false;
        }

        byte present = payload[length++];
        if ((present & 0x80) != 0)
        {
            bool isLong = payload.Length > length && (payload[length] & 0x80) != 0;
            int octets = isLong ? 2 : 1;
            if (payload.Length < length + octets)
            {
                return false;
            }

            descriptor = descriptor with
            {
                PictureIdOffset = length,
                IsLongPictureId = isLong,
                PictureId = isLong ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[length..]) & 0x7FFF) : payload[length],
            };
            length += octets;
        }

        if ((present & 0x40) != 0)
        {
            if (payload.Length <= length)
            {
                return false;
            }

            descriptor = descriptor with { Tl0PicIdxOffset = length, Tl0PicIdx = payload[length] };
            length++;
        }

        if ((present & 0x30) != 0)
        {
            if (payload.Length <= length)
            {
                return false;
            }

            bool hasLayer = (present & 0x20) != 0;
            descriptor = descriptor with
            {
                HasTemporalLayer = hasLayer,
                TemporalLayer = hasLayer ? (byte)(payload[length] >> 6) : (byte)0,
                IsLayerSync = hasLayer && (payload[length] & 0x20) != 0,
            };
            length++;
        }

        return true;
    }
}

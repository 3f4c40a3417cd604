using System.Buffers.Binary;

namespace RtcPlatform.Wire.Extensions;

/// <summary>
/// The first, mandatory part of the dependency descriptor and its flags (AV1 RTP payload specification, appendix A.8.2).
/// It stands outside the payload, so it serves end-to-end encrypted streams too.
/// </summary>
public readonly record struct DependencyDescriptor
{
    private const int MandatoryLength = 3;

    public bool StartOfFrame { get; private init; }

    public bool EndOfFrame { get; private init; }

    /// <summary>0 to 63.</summary>
    public byte TemplateId { get; private init; }

    public ushort FrameNumber { get; private init; }

    /// <summary>The template structure follows; encoders send it with every key frame.</summary>
    public bool HasStructure { get; private init; }

    /// <summary>The bit mask of active decode targets follows.</summary>
    public bool HasActiveDecodeTargets { get; private init; }

    public bool HasCustomDecodeTargetIndications { get; private init; }

    public bool HasCustomFrameDifferences { get; private init; }

    public bool HasCustomChains { get; private init; }

    public bool IsKeyFrameStart => StartOfFrame && HasStructure;

    public static bool TryRead(ReadOnlySpan<byte> value, out DependencyDescriptor descriptor)
    {
        if (value.Length < MandatoryLength)
        {
            descriptor = default;
            return false;
        }

        byte flags = value.Length > MandatoryLength ? value[MandatoryLength] : (byte)0;
        descriptor = new DependencyDescriptor
        {
            StartOfFrame = (value[0] & 0x80) != 0,
            EndOfFrame = (value[0] & 0x40) != 0,
            TemplateId = (byte)(value[0] & 0x3F),
            FrameNumber = BinaryPrimitives.ReadUInt16BigEndian(value[1..]),
            HasStructure = (flags & 0x80) != 0,
            HasActiveDecodeTargets = (flags & 0x40) != 0,
            HasCustomDecodeTargetIndications = (flags & 0x20) != 0,
            HasCustomFrameDifferences = (flags & 0x10) != 0,
            HasCustomChains = (flags & 0x08) != 0,
        };
        return true;
    }
}

using System.Buffers.Binary;

namespace RtcPlatform.Wire.Payload;

/// <summary>
/// What the NAL unit headers in an H.264 payload tell (RFC 6184 section 5.2): single units, STAP-A and FU-A, which are what
/// packetization modes 0 and 1 have.
/// </summary>
public readonly record struct H264Descriptor
{
    private const int Idr = 5;
    private const int Sps = 7;
    private const int Pps = 8;
    private const int LastSingleUnit = 23;
    private const int StapA = 24;
    private const int FuA = 28;

    /// <summary>Begins a slice of an IDR picture.</summary>
    public bool StartsIdr { get; private init; }

    /// <summary>Begins a sequence parameter set.</summary>
    public bool StartsSps { get; private init; }

    /// <summary>Begins a picture parameter set.</summary>
    public bool StartsPps { get; private init; }

    /// <summary>A later fragment of a unit.</summary>
    public bool IsContinuation { get; private init; }

    /// <summary>
    /// A subscriber may begin here: parameter sets come directly before the IDR picture, or out of band when the IDR comes
    /// alone.
    /// </summary>
    public bool IsKeyFrameStart => StartsSps || StartsIdr;

    /// <summary>False for an empty payload, units that do not fit, and packet types outside of modes 0 and 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out H264Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        int type = payload[0] & 0x1F;
        switch (type)
        {
            case > 0 and <= LastSingleUnit:
                descriptor = descriptor.With(type);
                return true;
            case FuA when payload.Length > 2:
                bool isStart = (payload[1] & 0x80) != 0;
                descriptor = isStart ? descriptor.With(payload[1] & 0x1F) : new H264Descriptor { IsContinuation = true };
                return true;
            case StapA:
                return TryReadAggregate(payload[1..], out descriptor);
            default:
                return false;
        }
    }

    private static bool TryReadAggregate(ReadOnlySpan<byte> units, out H264Descriptor descriptor)
    {
        var result = default(H264Descriptor);
        descriptor = default;
        while (units.Length > 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(units);
            if (length == 0 || length > units.Length - 2)
            {
                return false;
            }

            result = result.With(units[2] & 0x1F);
            units = units[(2 + length)..];
        }

        descriptor = units.IsEmpty ? result : default;
        return units.IsEmpty;
    }

    private H264Descriptor With(int unitType) => this with
    {
        StartsIdr = StartsIdr || unitType == Idr,
        StartsSps = StartsSps || unitType == Sps,
        StartsPps = StartsPps || unitType == Pps,
    };
}

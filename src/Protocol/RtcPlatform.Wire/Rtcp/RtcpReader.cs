using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>One packet of a compound: its header taken apart, its body not yet understood.</summary>
public readonly ref struct RtcpPacketView
{
    internal RtcpPacketView(RtcpType type, byte count, ReadOnlySpan<byte> body)
    {
        Type = type;
        Count = count;
        Body = body;
    }

    public RtcpType Type { get; }

    /// <summary>0 to 31: number of blocks, or the format in feedback packets.</summary>
    public byte Count { get; }

    /// <summary>The same five bits, as feedback packets call them.</summary>
    public byte Format => Count;

    /// <summary>What follows the four octets of the header, without padding; a multiple of four octets.</summary>
    public ReadOnlySpan<byte> Body { get; }

    internal bool IsFeedback(RtcpType type, byte format) =>
        Type == type && Format == format && Body.Length >= RtcpFormat.FeedbackSourcesLength;
}

/// <summary>
/// Walks the packets of a compound (RFC 3550 section 6.1) or of a reduced-size one (RFC 5506), of any type: a reader of a
/// kind that it does not know (XR, APP) skips it. Padding is accepted on any packet, because libwebrtc pads its
/// transport-cc feedback wherever it stands.
/// </summary>
public ref struct RtcpReader
{
    private ReadOnlySpan<byte> _rest;

    public RtcpReader(ReadOnlySpan<byte> compound) => _rest = compound;

    /// <summary>After <see cref="TryReadNext"/> gave false: whether that was for octets that are no RTCP packet.</summary>
    public readonly bool IsMalformed => !_rest.IsEmpty;

    /// <summary>Whether the datagram is RTCP packets from end to end; nothing of one that is not should be acted upon.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryReadNext(out _))
        {
        }

        return !compound.IsEmpty && !reader.IsMalformed;
    }

    /// <summary>False at the end, and at the first packet whose version, length or padding is wrong.</summary>
    public bool TryReadNext(out RtcpPacketView packet)
    {
        packet = default;
        ReadOnlySpan<byte> rest = _rest;
        if (rest.Length < RtcpFormat.HeaderLength || rest[0] >> 6 != 2)
        {
            return false;
        }

        int length = (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 1) * 4;
        if (length > rest.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> body = rest[RtcpFormat.HeaderLength..length];
        if ((rest[0] & 0x20) != 0)
        {
            if (body.IsEmpty || body[^1] == 0 || body[^1] > body.Length)
            {
                return false;
            }

            // Whole words only (RFC 3550 section 6.4.1); libwebrtc pads its feedback by single octets, which then stay in the
            // body as zeros behind the last delta.
            body = body[..^(body[^1] & ~3)];
        }

        packet = new RtcpPacketView((RtcpType)rest[1], (byte)(rest[0] & 0x1F), body);
        _rest = rest[length..];
        return true;
    }
}

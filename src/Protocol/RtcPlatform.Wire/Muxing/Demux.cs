namespace RtcPlatform.Wire.Muxing;

/// <summary>What a datagram on the shared port is, judged by its first octets alone.</summary>
public enum DatagramKind : byte
{
    /// <summary>None of the others, or too short to tell.</summary>
    Unknown = 0,
    Stun,
    Dtls,
    Rtp,
    Rtcp,

    /// <summary>TURN channel data (RFC 8656 section 12).</summary>
    Turn,
    Zrtp,
}

/// <summary>
/// Tells the protocols on one port apart: RFC 7983 section 7 with RFC 9443, and RFC 5761 section 4 for RTP and RTCP.
/// </summary>
public static class Demux
{
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2)
        {
            return DatagramKind.Unknown;
        }

        return datagram[0] switch
        {
            <= 3 => DatagramKind.Stun,
            >= 128 and <= 191 => datagram[1] is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp,
            >= 20 and <= 63 => DatagramKind.Dtls,
            >= 64 and <= 79 => DatagramKind.Turn,
            >= 16 and <= 19 => DatagramKind.Zrtp,
            _ => DatagramKind.Unknown,
        };
    }
}

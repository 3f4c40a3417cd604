namespace RtcPlatform.Wire.Numbers;

/// <summary>Arithmetic of RTP sequence numbers, which count modulo 2^16 (RFC 1982, RFC 3550 appendix A.1).</summary>
public static class SeqNum
{
    /// <summary>
    /// How far <paramref name="a"/> is ahead of <paramref name="b"/>, -32768 to 32767 (a tie of half the circle counts
    /// as behind).
    /// </summary>
    public static int Distance(ushort a, ushort b) => (short)(a - b);

    public static bool IsNewer(ushort a, ushort b) => Distance(a, b) > 0;
}

namespace RtcPlatform.Wire.Rtcp;

/// <summary>BYE: sources that will send no more (RFC 3550 section 6.6). The reason text is not read.</summary>
public static class Goodbye
{
    public static bool TryRead(RtcpPacketView packet, out SsrcList ssrcs)
    {
        int length = packet.Count * RtcpFormat.SsrcLength;
        bool fits = packet.Type == RtcpType.Goodbye && packet.Body.Length >= length;
        ssrcs = fits ? new SsrcList(packet.Body[..length]) : default;
        return fits;
    }

    /// <param name="ssrcs">At most 31.</param>
    /// <returns>The octets written.</returns>
    public static int Write(Span<byte> destination, ReadOnlySpan<uint> ssrcs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ssrcs.Length, RtcpFormat.MaxCount);
        int length = RtcpFormat.HeaderLength + (ssrcs.Length * RtcpFormat.SsrcLength);
        RtcpFormat.WriteHeader(destination, RtcpType.Goodbye, ssrcs.Length, length);
        SsrcList.Write(destination[RtcpFormat.HeaderLength..], ssrcs);
        return length;
    }
}

using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>A receiver report (RFC 3550 section 6.4.2); without blocks it only opens a compound.</summary>
public static class ReceiverReport
{
    public static int LengthFor(int blocks) => RtcpFormat.HeaderLength + RtcpFormat.SsrcLength + (blocks * ReportBlock.Length);

    public static bool TryRead(RtcpPacketView packet, out uint senderSsrc, out ReportBlocks blocks)
    {
        ReadOnlySpan<byte> body = packet.Body;
        int blocksLength = packet.Count * ReportBlock.Length;
        if (packet.Type != RtcpType.ReceiverReport || body.Length < RtcpFormat.SsrcLength + blocksLength)
        {
            senderSsrc = 0;
            blocks = default;
            return false;
        }

        senderSsrc = BinaryPrimitives.ReadUInt32BigEndian(body);
        blocks = new ReportBlocks(body.Slice(RtcpFormat.SsrcLength, blocksLength));
        return true;
    }

    /// <param name="blocks">At most 31.</param>
    /// <returns>The octets written.</returns>
    public static int Write(Span<byte> destination, uint senderSsrc, ReadOnlySpan<ReportBlock> blocks = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks.Length, RtcpFormat.MaxCount);
        int length = LengthFor(blocks.Length);
        RtcpFormat.WriteHeader(destination, RtcpType.ReceiverReport, blocks.Length, length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], senderSsrc);
        ReportBlocks.Write(destination[(RtcpFormat.HeaderLength + RtcpFormat.SsrcLength)..], blocks);
        return length;
    }
}

using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>The sender's part of a sender report (RFC 3550 section 6.4.1).</summary>
/// <param name="SenderSsrc">The source that sends.</param>
/// <param name="NtpTime">Wall-clock time of the report.</param>
/// <param name="RtpTimestamp">The same instant on the source's RTP clock.</param>
/// <param name="PacketCount">Packets sent since the beginning.</param>
/// <param name="OctetCount">Payload octets sent since the beginning, without headers and padding.</param>
public readonly record struct SenderReport(uint SenderSsrc, NtpTime NtpTime, uint RtpTimestamp, uint PacketCount, uint OctetCount)
{
    private const int BodyLength = 24;

    public static int LengthFor(int blocks) => RtcpFormat.HeaderLength + BodyLength + (blocks * ReportBlock.Length);

    public static bool TryRead(RtcpPacketView packet, out SenderReport report, out ReportBlocks blocks)
    {
        ReadOnlySpan<byte> body = packet.Body;
        int blocksLength = packet.Count * ReportBlock.Length;
        if (packet.Type != RtcpType.SenderReport || body.Length < BodyLength + blocksLength)
        {
            report = default;
            blocks = default;
            return false;
        }

        report = new SenderReport(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(body[4..])),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        blocks = new ReportBlocks(body.Slice(BodyLength, blocksLength));
        return true;
    }

    /// <param name="blocks">At most 31.</param>
    /// <returns>The octets written.</returns>
    public int Write(Span<byte> destination, ReadOnlySpan<ReportBlock> blocks = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks.Length, RtcpFormat.MaxCount);
        int length = LengthFor(blocks.Length);
        RtcpFormat.WriteHeader(destination, RtcpType.SenderReport, blocks.Length, length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], SenderSsrc);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], NtpTime.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], OctetCount);
        ReportBlocks.Write(destination[(RtcpFormat.HeaderLength + BodyLength)..], blocks);
        return length;
    }
}

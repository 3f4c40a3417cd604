using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>Reception quality of one source, as its receiver reports it (RFC 3550 section 6.4.1).</summary>
/// <param name="Ssrc">The source reported on.</param>
/// <param name="FractionLost">Lost since the last report, in 1/256.</param>
/// <param name="CumulativeLost">Lost since the beginning; 24 bits, negative when duplicates outnumber losses.</param>
/// <param name="HighestSequence">Highest sequence number received, cycles in the high 16 bits.</param>
/// <param name="Jitter">Interarrival jitter in units of the RTP clock.</param>
/// <param name="LastSenderReport">The compact NTP time of the last sender report, 0 when there was none.</param>
/// <param name="DelaySinceLastSenderReport">Between its arrival and this report, in 1/65536 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint HighestSequence,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    public const int Length = 24;

    private const int MaxCumulativeLost = 0x7F_FFFF;

    internal static ReportBlock Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt32BigEndian(block),
        block[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(block[4..]) << 8) >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[20..]));

    internal void Write(Span<byte> destination)
    {
        int lost = Math.Clamp(CumulativeLost, -MaxCumulativeLost - 1, MaxCumulativeLost);
        BinaryPrimitives.WriteUInt32BigEndian(destination, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ((uint)FractionLost << 24) | ((uint)lost & 0xFF_FFFF));
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], DelaySinceLastSenderReport);
    }
}

/// <summary>The report blocks of a sender or receiver report.</summary>
public readonly ref struct ReportBlocks
{
    private readonly ReadOnlySpan<byte> _blocks;

    internal ReportBlocks(ReadOnlySpan<byte> blocks) => _blocks = blocks;

    /// <summary>0 to 31.</summary>
    public int Count => _blocks.Length / ReportBlock.Length;

    public ReportBlock this[int index] => ReportBlock.Read(_blocks.Slice(index * ReportBlock.Length, ReportBlock.Length));

    internal static void Write(Span<byte> destination, ReadOnlySpan<ReportBlock> blocks)
    {
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index].Write(destination[(index * ReportBlock.Length)..]);
        }
    }
}

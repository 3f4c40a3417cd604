using RtcPlatform.TestKit;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Wire.Tests.Rtcp;

public class RtcpPacketTests
{
    private static readonly ReportBlock Block = new(0xAABBCCDD, 64, -2, 0x0001_FFFE, 77, 0x11112222, 0x33334444);
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void Sender_report_has_its_printed_layout()
    {
        var report = new SenderReport(0x01020304, new NtpTime(0x1111111122222222), 0x33333333, 5, 6);
        int length = report.Write(_buffer, [Block]);
        Assert.Equal(SenderReport.LengthFor(1), length);
        Assert.Equal(
            "81c8000c" + "01020304" + "1111111122222222" + "33333333" + "00000005" + "00000006"
            + "aabbccdd" + "40fffffe" + "0001fffe" + "0000004d" + "11112222" + "33334444",
            Hex.Encode(_buffer.AsSpan(0, length)));

        Assert.True(SenderReport.TryRead(First(length), out SenderReport read, out ReportBlocks blocks));
        Assert.Equal(report, read);
        Assert.Equal(1, blocks.Count);
        Assert.Equal(Block, blocks[0]);
    }

    [Fact]
    public void Receiver_report_is_read_back_with_all_blocks()
    {
        ReportBlock[] written =
            [.. Enumerable.Range(0, 31).Select(index => Block with { Ssrc = (uint)index, CumulativeLost = index })];
        int length = ReceiverReport.Write(_buffer, 9, written);
        Assert.True(ReceiverReport.TryRead(First(length), out uint sender, out ReportBlocks blocks));
        Assert.Equal(9u, sender);
        Assert.Equal(31, blocks.Count);
        for (int index = 0; index < 31; index++)
        {
            Assert.Equal(written[index], blocks[index]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ReceiverReport.Write(_buffer, 9, new ReportBlock[32]));
    }

    [Theory]
    [InlineData(9_000_000, 0x7FFFFF)]
    [InlineData(-9_000_000, -0x800000)]
    public void Cumulative_loss_is_clamped_to_24_bits(int lost, int expected)
    {
        int length = ReceiverReport.Write(_buffer, 9, [Block with { CumulativeLost = lost }]);
        Assert.True(ReceiverReport.TryRead(First(length), out _, out ReportBlocks blocks));
        Assert.Equal(expected, blocks[0].CumulativeLost);
        Assert.Equal(Block.FractionLost, blocks[0].FractionLost);
    }

    [Theory]
    [InlineData("", "81ca0002 00000007 01000000")]
    [InlineData("a", "81ca0002 00000007 01016100")]
    [InlineData("ab", "81ca0003 00000007 01026162 00000000")]
    [InlineData("abc", "81ca0003 00000007 01036162 63000000")]
    public void Canonical_name_ends_with_a_null_on_a_word(string name, string expected)
    {
        _buffer.AsSpan().Fill(0xEE);
        int length = SourceDescription.WriteCname(_buffer, 7, System.Text.Encoding.UTF8.GetBytes(name));
        Assert.Equal(Hex.Encode(Hex.Decode(expected)), Hex.Encode(_buffer.AsSpan(0, length)));
        Assert.True(SourceDescription.TryRead(First(length), out SourceDescriptionReader items));
        Assert.True(items.MoveNext());
        Assert.Equal(7u, items.Ssrc);
        Assert.Equal(SourceDescription.CnameItem, items.Item);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(name), items.Value);
        Assert.False(items.MoveNext());
    }

    [Fact]
    public void Items_of_several_chunks_are_walked()
    {
        byte[] compound = Hex.Decode("82ca0006 00000001 01016102 02626300 00000002 08016401 00000000 00000000");
        var reader = new RtcpReader(compound);
        Assert.True(reader.TryReadNext(out RtcpPacketView packet));
        Assert.True(SourceDescription.TryRead(packet, out SourceDescriptionReader items));
        var seen = new List<string>();
        while (items.MoveNext())
        {
            seen.Add($"{items.Ssrc}:{items.Item}={Hex.Encode(items.Value)}");
        }

        Assert.Equal(["1:1=61", "1:2=6263", "2:8=64", "2:1="], seen);
    }

    [Fact]
    public void Goodbye_is_read_back()
    {
        int length = Goodbye.Write(_buffer, [1, 2, 3]);
        Assert.Equal("83cb0003000000010000000200000003", Hex.Encode(_buffer.AsSpan(0, length)));
        Assert.True(Goodbye.TryRead(First(length), out SsrcList ssrcs));
        Assert.Equal(3, ssrcs.Count);
        Assert.Equal(3u, ssrcs[2]);
    }

    [Fact]
    public void Picture_loss_and_full_intra_have_their_printed_layout()
    {
        int length = PictureLoss.Write(_buffer, 1, 2);
        Assert.Equal("81ce00020000000100000002", Hex.Encode(_buffer.AsSpan(0, length)));
        Assert.True(PictureLoss.TryRead(First(length), out uint sender, out uint media));
        Assert.Equal((1u, 2u), (sender, media));

        length = FullIntra.Write(_buffer, 1, new FullIntraEntry(2, 9));
        Assert.Equal("84ce00040000000100000000" + "0000000209000000", Hex.Encode(_buffer.AsSpan(0, length)));
        Assert.True(FullIntra.TryRead(First(length), out FullIntra request));
        Assert.Equal(1, request.Count);
        Assert.Equal(new FullIntraEntry(2, 9), request[0]);
    }

    [Fact]
    public void Estimate_as_sent_by_a_browser_is_read_and_written_alike()
    {
        byte[] captured = Hex.Decode("8fce0005 00000001 00000000 52454d42 011a20df 4874ed16");
        captured.CopyTo(_buffer, 0);
        Assert.True(ReceiverEstimatedMaxBitrate.TryRead(First(captured.Length), out ReceiverEstimatedMaxBitrate estimate));
        Assert.Equal(8_927_168UL, estimate.BitsPerSecond);
        Assert.Equal(1, estimate.Ssrcs.Count);
        Assert.Equal(0x4874ED16u, estimate.Ssrcs[0]);

        int length = ReceiverEstimatedMaxBitrate.Write(_buffer, 1, 8_927_168, [0x4874ED16]);
        Assert.Equal(Hex.Encode(captured), Hex.Encode(_buffer.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(0x3FFFFUL)]
    [InlineData(0x40000UL)]
    [InlineData(30_000_000UL)]
    [InlineData(ulong.MaxValue)]
    public void Estimate_loses_no_more_than_the_mantissa_does(ulong bitsPerSecond)
    {
        int length = ReceiverEstimatedMaxBitrate.Write(_buffer, 1, bitsPerSecond, []);
        Assert.True(ReceiverEstimatedMaxBitrate.TryRead(First(length), out ReceiverEstimatedMaxBitrate estimate));
        Assert.True(estimate.BitsPerSecond <= bitsPerSecond);
        Assert.True(bitsPerSecond - estimate.BitsPerSecond <= bitsPerSecond >> 17);
    }

    [Fact]
    public void Estimate_beyond_64_bits_is_the_maximum()
    {
        Hex.Decode("8fce0004 00000001 00000000 52454d42 00ffffff").CopyTo(_buffer, 0);
        Assert.True(ReceiverEstimatedMaxBitrate.TryRead(First(20), out ReceiverEstimatedMaxBitrate estimate));
        Assert.Equal(ulong.MaxValue, estimate.BitsPerSecond);
    }

    [Theory]
    [InlineData("81c80006 00000001 0000000000000002 00000003 00000004 00000005")] // A block is announced and missing.
    [InlineData("80c80001 00000001")] // The sender's part is missing.
    public void Sender_report_too_short_for_its_count_is_refused(string text)
    {
        byte[] packet = Hex.Decode(text);
        packet.CopyTo(_buffer, 0);
        Assert.False(SenderReport.TryRead(First(packet.Length), out _, out _));
    }

    private RtcpPacketView First(int length)
    {
        var reader = new RtcpReader(_buffer.AsSpan(0, length));
        Assert.True(reader.TryReadNext(out RtcpPacketView packet));
        Assert.False(reader.TryReadNext(out _));
        Assert.False(reader.IsMalformed);
        return packet;
    }
}

using RtcPlatform.TestKit;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Wire.Tests.Rtcp;

public class RtcpReaderTests
{
    [Fact]
    public void Compound_gives_its_packets_and_skips_what_nobody_reads()
    {
        byte[] compound = Hex.Decode("80c90001 00000001" + "80cf0001 00000001" + "81ce0002 00000001 00000002");
        var reader = new RtcpReader(compound);
        var types = new List<RtcpType>();
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            types.Add(packet.Type);
        }

        Assert.False(reader.IsMalformed);
        Assert.Equal([RtcpType.ReceiverReport, RtcpType.ExtendedReport, RtcpType.PayloadFeedback], types);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80c900")]
    [InlineData("40c90001 00000001")] // Version 1.
    [InlineData("80c90002 00000001")] // Longer than the datagram.
    [InlineData("80c90001 00000001 00")] // A rest that is no packet.
    [InlineData("a0c90001 00000000")] // Padding of zero.
    [InlineData("a0c90001 00000008")] // Padding longer than the body.
    [InlineData("a0c90000")] // Padding without a body.
    public void What_is_not_rtcp_from_end_to_end_is_not_well_formed(string compound) =>
        Assert.False(RtcpReader.IsWellFormed(Hex.Decode(compound)));

    [Fact]
    public void Padding_is_not_part_of_the_body()
    {
        var reader = new RtcpReader(Hex.Decode("a0c90002 00000001 00000004"));
        Assert.True(reader.TryReadNext(out RtcpPacketView packet));
        Assert.Equal(4, packet.Body.Length);
    }

    [Fact]
    public void Cut_compound_is_well_formed_at_packet_ends_only()
    {
        byte[] compound = Hex.Decode("80c90001 00000001" + "81ce0002 00000001 00000002");
        for (int length = 0; length <= compound.Length; length++)
        {
            Assert.Equal(length is 8 or 20, RtcpReader.IsWellFormed(compound.AsSpan(0, length)));
        }
    }
}

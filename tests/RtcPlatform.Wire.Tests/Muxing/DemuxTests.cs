using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Wire.Tests.Muxing;

public class DemuxTests
{
    [Theory]
    [InlineData(0, 3, DatagramKind.Stun)]
    [InlineData(4, 15, DatagramKind.Unknown)]
    [InlineData(16, 19, DatagramKind.Zrtp)]
    [InlineData(20, 63, DatagramKind.Dtls)]
    [InlineData(64, 79, DatagramKind.Turn)]
    [InlineData(80, 127, DatagramKind.Unknown)]
    [InlineData(128, 191, DatagramKind.Rtp)]
    [InlineData(192, 255, DatagramKind.Unknown)]
    public void First_octet_tells_the_protocol(int from, int to, DatagramKind expected)
    {
        for (int first = from; first <= to; first++)
        {
            Assert.Equal(expected, Demux.Classify([(byte)first, 96]));
        }
    }

    [Theory]
    [InlineData(0, 191, DatagramKind.Rtp)]
    [InlineData(192, 223, DatagramKind.Rtcp)]
    [InlineData(224, 255, DatagramKind.Rtp)]
    public void Second_octet_tells_rtcp_from_rtp(int from, int to, DatagramKind expected)
    {
        for (int second = from; second <= to; second++)
        {
            Assert.Equal(expected, Demux.Classify([0x80, (byte)second]));
        }
    }

    [Fact]
    public void Datagram_too_short_to_tell_is_unknown()
    {
        Assert.Equal(DatagramKind.Unknown, Demux.Classify([]));
        Assert.Equal(DatagramKind.Unknown, Demux.Classify([0x80]));
    }
}

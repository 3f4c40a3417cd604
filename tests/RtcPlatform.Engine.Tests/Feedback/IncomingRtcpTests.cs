using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Engine.Tests.Feedback;

public sealed class IncomingRtcpTests
{
    private readonly RawClient _client = new(Plans.Sending(Plans.SendVideo, Plans.SendAudio));
    private readonly byte[] _buffer = new byte[512];

    [Fact]
    public void A_packet_is_asked_for_once_per_round_trip()
    {
        SendNack(5, 6, 7);
        _client.Now += TimeSpan.FromMilliseconds(50);
        SendNack(6);
        _client.Now += TimeSpan.FromMilliseconds(60);
        SendNack(6);

        Assert.Equal([5, 6, 7, 6], _client.Nacks.Select(nack => (int)nack.Sequence));
        Assert.Equal(1UL, _client.Peer.Drops[DropReason.RtxThrottled]);
        Assert.Equal(5UL, _client.Peer.FindSend(Plans.VideoTrack)!.Statistics.NacksReceived);
    }

    [Fact]
    public void A_repeated_full_intra_request_counts_once()
    {
        foreach (byte command in (byte[])[7, 7, 7, 8])
        {
            int length = FullIntra.Write(_buffer, 1, new FullIntraEntry(Plans.VideoSsrc, command));
            _client.SendRtcp(_buffer.AsSpan(0, length));
        }

        Assert.Equal(2, _client.KeyFrameRequests);
    }

    [Fact]
    public void Feedback_on_an_unknown_source_is_counted()
    {
        _client.SendRtcp(_buffer.AsSpan(0, PictureLoss.Write(_buffer, 1, 0xDEAD)));
        _client.SendRtcp(_buffer.AsSpan(0, GenericNack.Write(_buffer, 1, 0xDEAD, [1], out _)));

        Assert.Equal(2UL, _client.Peer.Drops[DropReason.RtcpUnknownSource]);
        Assert.Equal(0, _client.KeyFrameRequests);
        Assert.Empty(_client.Nacks);
    }

    [Fact]
    public void The_receivers_estimate_is_kept()
    {
        _client.SendRtcp(_buffer.AsSpan(0, ReceiverEstimatedMaxBitrate.Write(_buffer, 1, 2_500_000, [Plans.VideoSsrc])));

        Assert.InRange(_client.Peer.Statistics.RemoteEstimate, 2_490_000UL, 2_500_000UL);
    }

    [Fact]
    public void Authentic_octets_that_are_no_rtcp_are_counted()
    {
        _client.SendRtcp([0x80, 201, 0, 9, 0, 0, 0, 1]);

        Assert.Equal(1UL, _client.Peer.Drops[DropReason.RtcpMalformed]);
    }

    [Fact]
    public void Without_keys_nothing_is_read_or_sent()
    {
        var peer = new RtcPeer(Plans.Options("fresh"), Wire.Numbers.MonoTime.Zero);
        peer.Apply(Wire.Numbers.MonoTime.Zero, Plans.Sending(Plans.SendVideo));
        var sink = new CollectingSink();
        RawClient events = _client;
        Assert.False(peer.TryReceiveRtp(_client.Now, new byte[100], out _));
        peer.HandleRtcp(_client.Now, new byte[100], ref sink, ref events);
        SendStream stream = peer.FindSend(Plans.VideoTrack)!;
        Assert.Equal(DropReason.NotConnected, stream.Send(_client.Now, default, ref sink));

        Assert.Equal(2UL, peer.Drops[DropReason.NotDtlsConnected]);
        Assert.Equal(1UL, peer.Drops[DropReason.NotConnected]);
        Assert.Empty(sink.Sent);
    }

    private void SendNack(params ushort[] sequences)
    {
        int length = GenericNack.Write(_buffer, 1, Plans.VideoSsrc, sequences, out _);
        _client.SendRtcp(_buffer.AsSpan(0, length));
    }
}

using System.Collections.Immutable;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.Dispatch;

public sealed class SourceTests
{
    private static readonly ReceiveSection Simulcast = Plans.ReceiveVideo() with { Rids = ["q", "h", "f"] };
    private static readonly byte[] Payload = [1, 2, 3, 4, 5];

    [Fact]
    public void Layers_are_learned_from_mid_and_rid_and_kept()
    {
        var client = new RawClient(Plans.Receiving(Simulcast));
        foreach ((string rid, int layer) in new[] { ("f", 2), ("q", 0), ("h", 1) })
        {
            Assert.True(client.Send(10 + (uint)layer, 1, 96, Payload, out ReceivedRtp first, mid: "0", rid: rid));
            Assert.Equal(layer, first.Stream.LayerIndex);
            Assert.Equal(rid, first.Stream.Rid);
            Assert.True(client.Send(10 + (uint)layer, 2, 96, Payload, out ReceivedRtp second));
            Assert.Same(first.Stream, second.Stream);
        }
    }

    [Fact]
    public void Retransmission_sources_are_learned_from_the_repaired_rid()
    {
        var client = new RawClient(Plans.Receiving(Simulcast));
        Assert.True(client.Send(10, 1, 96, Payload, out ReceivedRtp original, mid: "0", rid: "h"));
        ReceiveStream layer = original.Stream;
        Assert.True(client.Send(10, 3, 96, Payload, out _));
        Assert.True(client.Send(20, 500, 97, [0, 2, 7, 8, 9], out ReceivedRtp recovered, mid: "0", repairedRid: "h"));

        Assert.Same(layer, recovered.Stream);
        Assert.True(recovered.Recovered);
        Assert.Equal(2UL, recovered.ExtendedSequence);
        Assert.Equal(2, recovered.View.SequenceNumber);
        Assert.Equal(10u, recovered.View.Ssrc);
        Assert.Equal(96, recovered.View.PayloadType);
        Assert.True(recovered.View.Marker);
        Assert.Equal(500u * 3000, recovered.View.Timestamp);
        Assert.Equal([7, 8, 9], recovered.View.Payload.ToArray());
        Assert.Same(Plans.Vp8, recovered.Codec);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("0", "x")]
    [InlineData("7", "h")]
    [InlineData(null, "h")]
    public void A_source_that_no_layer_claims_is_refused_before_decryption(string? mid, string? rid)
    {
        var client = new RawClient(Plans.Receiving(Simulcast, Plans.ReceiveVideo() with { Mid = "2", TrackSid = "TR_other" }));
        Assert.False(client.Send(10, 1, 96, Payload, out _, mid: mid, rid: rid));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.UnknownSource]);
    }

    [Fact]
    public void A_payload_type_of_one_section_alone_tells_the_section()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo(), Plans.ReceiveAudio()));
        Assert.True(client.Send(10, 1, 111, Payload, out ReceivedRtp audio));
        Assert.Equal(MediaKind.Audio, audio.Stream.Kind);
        Assert.True(client.Send(11, 1, 96, Payload, out ReceivedRtp video));
        Assert.Equal(MediaKind.Video, video.Stream.Kind);
    }

    [Fact]
    public void Late_packets_of_a_removed_track_do_not_take_the_place_of_another()
    {
        ReceiveSection other = Plans.ReceiveVideo(new SourceBinding(30, 40)) with { Mid = "1", TrackSid = "TR_other" };
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20)), other));
        Assert.True(client.Send(10, 1, 96, Payload, out _));
        Assert.True(client.Send(30, 1, 96, Payload, out _));
        client.Peer.Apply(client.Now, Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20))));

        Assert.False(client.Send(30, 2, 96, Payload, out _));
        Assert.False(client.Send(40, 1, 97, [0, 1, 7], out _));
        Assert.True(client.Send(10, 2, 96, Payload, out _));
        Assert.Equal(2UL, client.Peer.Drops[DropReason.UnknownSource]);
    }

    [Fact]
    public void A_source_that_comes_back_after_its_roll_over_is_understood_and_never_replayed()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20)), Plans.ReceiveAudio()));
        for (ulong sequence = 0; sequence <= 70_000; sequence += 10_000)
        {
            Assert.True(client.Send(10, sequence, 96, Payload, out _));
        }

        byte[] recorded = client.Write(10, 70_001, 96, Payload);
        Assert.True(client.Peer.TryReceiveRtp(client.Now, (byte[])recorded.Clone(), out _));
        client.Peer.Apply(client.Now, Plans.Receiving(Plans.ReceiveAudio()));
        client.Peer.Apply(client.Now, Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20)), Plans.ReceiveAudio()));

        Assert.False(client.Peer.TryReceiveRtp(client.Now, recorded, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.SrtpReplayed]);
        Assert.True(client.Send(10, 70_002, 96, Payload, out ReceivedRtp packet));
        Assert.Equal(70_002UL, packet.ExtendedSequence);
    }

    [Fact]
    public void Sources_of_ended_tracks_make_room_for_new_ones()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveAudio()));
        for (uint source = 1; source <= 300; source++)
        {
            client.Peer.Apply(client.Now, Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(source, 0)) with { TrackSid = $"TR_{source}" }));
            Assert.True(client.Send(source, 1, 96, Payload, out _), $"source {source}");
        }

        Assert.Equal(0UL, client.Peer.Drops.Total);
    }

    [Fact]
    public void A_payload_type_of_two_sections_tells_nothing()
    {
        var client = new RawClient(Plans.Receiving(
            Plans.ReceiveVideo(), Plans.ReceiveVideo() with { Mid = "1", TrackSid = "TR_other" }));
        Assert.False(client.Send(10, 1, 96, Payload, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.UnknownSource]);
    }

    [Fact]
    public void Only_authentic_packets_bind_a_source()
    {
        var client = new RawClient(Plans.Receiving(Simulcast));
        byte[] forged = client.Write(10, 1, 96, Payload, mid: "0", rid: "q");
        forged[^1] ^= 1;
        Assert.False(client.Peer.TryReceiveRtp(client.Now, forged, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.SrtpAuthFailed]);
        Assert.Equal(0u, client.Peer.FindReceive(Plans.VideoTrack)!.Ssrc);
        Assert.True(client.Send(10, 2, 96, Payload, out ReceivedRtp first, mid: "0", rid: "f"));
        Assert.Equal(2, first.Stream.LayerIndex);
    }

    [Fact]
    public void A_stream_that_moves_to_another_source_begins_anew_and_the_old_one_is_refused()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo()));
        Assert.True(client.Send(10, 60_000, 96, Payload, out ReceivedRtp before, mid: "0"));
        ReceiveStream stream = before.Stream;
        Assert.True(client.Send(11, 5, 96, Payload, out ReceivedRtp after, mid: "0"));
        Assert.Same(stream, after.Stream);
        Assert.Equal(5UL, after.ExtendedSequence);
        Assert.Equal(1, stream.SourceGeneration);
        Assert.False(client.Send(10, 60_001, 96, Payload, out _, mid: "0"));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.UnknownSource]);
    }

    [Fact]
    public void Invented_sources_are_bounded_and_counted()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo()));
        for (uint source = 1; source <= 100; source++)
        {
            client.Send(source, 1, 96, Payload, out _, mid: "0");
        }

        Assert.Equal(36UL, client.Peer.Drops[DropReason.TooManySources]);
    }

    [Fact]
    public void A_new_plan_keeps_the_streams_it_names_and_forgets_the_others()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20)), Plans.ReceiveAudio(new SourceBinding(30, 0))));
        Assert.True(client.Send(10, 1, 96, Payload, out ReceivedRtp video));
        ReceiveStream stream = video.Stream;
        stream.Owner = "layer";
        Assert.True(client.Send(30, 1, 111, Payload, out _));
        client.Peer.Apply(client.Now, Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20))));

        Assert.True(client.Send(10, 2, 96, Payload, out video));
        Assert.Same(stream, video.Stream);
        Assert.Equal("layer", video.Stream.Owner);
        Assert.Equal(2UL, stream.Statistics.Packets);
        Assert.False(client.Send(30, 2, 111, Payload, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.UnknownSource]);
    }

    [Fact]
    public void Refusals_have_their_reasons()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20))));
        Assert.False(client.Send(10, 1, 100, Payload, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.UnknownPayloadType]);
        byte[] twice = client.Write(10, 1, 96, Payload);
        Assert.True(client.Peer.TryReceiveRtp(client.Now, (byte[])twice.Clone(), out _));
        Assert.False(client.Peer.TryReceiveRtp(client.Now, twice, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.SrtpReplayed]);
        Assert.True(client.Send(10, 5000, 96, Payload, out _));
        Assert.False(client.Send(10, 2, 96, Payload, out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.SrtpTooOld]);
        Assert.False(client.Send(20, 1, 97, [0x13, 0x88, 9], out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.RtxDuplicate]);
        Assert.False(client.Send(20, 2, 97, [0x13], out _));
        Assert.False(client.Send(20, 3, 97, [], out _));
        Assert.Equal(2UL, client.Peer.Drops[DropReason.RtxEmpty]);
        Assert.False(client.Peer.TryReceiveRtp(client.Now, new byte[11], out _));
        Assert.Equal(1UL, client.Peer.Drops[DropReason.RtpMalformed]);
    }
}

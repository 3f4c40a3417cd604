using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Tests;

public sealed class RelayTests
{
    private readonly RecordedRoom _room = new();
    private readonly object _elsewhere = new();

    [Fact]
    public void Other_shards_get_one_copy_each_before_anybody_is_forwarded_to()
    {
        Producer producer = _room.Publish();
        var further = new object();
        producer.Attach(_elsewhere);
        producer.Attach(further);
        _room.Subscribe();
        _room.Subscribe();
        _room.Arrive(producer.Layers[0], 10, 1_000, key: true, length: 33);
        Assert.Equal([(_elsewhere, 10UL, 33, true), (further, 10UL, 33, true)], _room.Relayed
            .Select(copy => (copy.Outlet, copy.Sequence, copy.Length, copy.StartsKeyFrame)));
        Assert.Empty(_room.Sent);
        _room.Forward();
        Assert.Equal((2, 2UL, 2UL, 0UL), (_room.Sent.Count, _room.Router.Counters.Forwarded, _room.Router.Counters.Relayed, Total));

        producer.Detach(further);
        producer.Detach(new object());
        _room.Send(producer.Layers[0], 11, 2_000);
        Assert.Equal((3UL, 4UL), (_room.Router.Counters.Relayed, _room.Router.Counters.Forwarded));
    }

    [Fact]
    public void A_track_that_only_another_shard_wants_is_not_without_consumers()
    {
        Producer producer = _room.Publish();
        producer.Attach(_elsewhere);
        _room.Send(producer.Layers[0], 10, 1_000);
        Assert.Equal((1UL, 0UL), (_room.Router.Counters.Relayed, Total));
        producer.Detach(_elsewhere);
        _room.Send(producer.Layers[0], 11, 2_000);
        Assert.Equal((1UL, 1UL), (_room.Router.Counters.Relayed, _room.Router.Counters.Drops[DropReason.NoConsumer]));
    }

    [Fact]
    public void What_is_muted_or_comes_twice_is_not_relayed()
    {
        Producer producer = _room.Publish();
        producer.Attach(_elsewhere);
        _room.Send(producer.Layers[0], 10, 1_000);
        _room.Send(producer.Layers[0], 10, 1_000);
        _room.SetPaused(producer, true);
        _room.Send(producer.Layers[0], 11, 2_000);
        Assert.Equal(1UL, _room.Router.Counters.Relayed);
        Assert.Equal(1UL, _room.Router.Counters.Drops[DropReason.ArrivedTooLate]);
        Assert.Equal(1UL, _room.Router.Counters.Drops[DropReason.ProducerPaused]);
    }

    [Theory]
    [InlineData(MediaKind.Video, 1)]
    [InlineData(MediaKind.Audio, 0)]
    public void A_full_pipe_is_counted_and_a_video_that_lost_something_there_asks_for_a_key_frame(MediaKind kind, int asked)
    {
        Producer producer = _room.Publish(kind: kind);
        producer.Attach(_elsewhere);
        Consumer local = _room.Subscribe(kind: kind);
        _room.Send(producer.Layers[0], 10, 1_000, key: true);
        _room.RelaysFull = true;
        _room.Send(producer.Layers[0], 11, 2_000);
        Assert.Equal((1UL, 1UL), (_room.Router.Counters.Relayed, _room.Router.Counters.Drops[DropReason.PipeFull]));
        Assert.Equal(asked, _room.KeyFrameRequests.Count);
        Assert.Equal(2UL, local.Forwarded);
    }

    [Fact]
    public void A_key_frame_that_another_shard_needs_is_asked_for_at_most_every_half_second()
    {
        Producer producer = _room.Publish();
        producer.Attach(_elsewhere);
        _room.Send(producer.Layers[0], 10, 1_000);
        _room.PictureLost(producer.Layers[0]);
        _room.PictureLost(producer.Layers[0]);
        Assert.Single(_room.KeyFrameRequests);
        _room.Advance(500);
        _room.HandleTimeout();
        Assert.Equal(2, _room.KeyFrameRequests.Count);
        _room.Send(producer.Layers[0], 11, 2_000, key: true);
        _room.Advance(500);
        _room.HandleTimeout();
        Assert.Equal(2, _room.KeyFrameRequests.Count);
    }

    private ulong Total => _room.Router.Counters.Drops.Total;
}

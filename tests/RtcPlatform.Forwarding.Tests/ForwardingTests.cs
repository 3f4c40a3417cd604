using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Tests;

public sealed class ForwardingTests
{
    private readonly RecordedRoom _room = new();

    [Fact]
    public void Audio_flows_from_the_first_packet_under_the_subscribers_numbers()
    {
        Producer producer = _room.Publish(kind: MediaKind.Audio);
        Consumer consumer = _room.Subscribe(kind: MediaKind.Audio);
        _room.Send(producer.Layers[0], 5, 960);
        _room.Send(producer.Layers[0], 6, 1_920);

        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.All(_room.Sent, copy => Assert.Equal((consumer.Ssrc, (byte)109), (copy.Ssrc, copy.PayloadType)));
        Assert.Equal(["TR_a"], _room.Started);
    }

    [Fact]
    public void Video_starts_at_a_key_frame()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 5, 0);
        _room.Send(producer.Layers[0], 6, 0);
        _room.Send(producer.Layers[0], 7, 3_000, key: true);
        _room.Send(producer.Layers[0], 8, 3_000);

        Assert.Equal([7UL, 8UL], _room.Sent.Select(copy => copy.Source));
        Assert.Equal(2UL, consumer.Drops[DropReason.WaitingForKeyFrame]);
    }

    [Fact]
    public void A_consumer_that_came_before_its_track_is_bound_to_it()
    {
        Consumer consumer = _room.Subscribe("TR_late", MediaKind.Audio);
        Producer other = _room.Publish("TR_other", MediaKind.Audio);
        _room.Send(other.Layers[0], 1, 0);
        Assert.Empty(_room.Sent);
        Assert.Equal(1UL, _room.Router.Counters.Drops[DropReason.NoConsumer]);

        Producer producer = _room.Publish("TR_late", MediaKind.Audio);
        _room.Send(producer.Layers[0], 1, 0);
        Assert.Same(consumer, Assert.Single(_room.Sent).To);
    }

    [Fact]
    public void A_replaced_producer_continues_the_subscribers_stream()
    {
        Producer first = _room.Publish();
        _room.Subscribe();
        _room.Send(first.Layers[0], 100, 90_000, key: true);
        _room.Advance(100);
        Producer second = _room.Publish();
        _room.Router.Remove(first);
        _room.Send(second.Layers[0], 9, 4_000_000_000, key: true, ssrc: 99);

        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal([90_000U, 99_000U], _room.Sent.Select(copy => copy.Timestamp));
    }

    [Fact]
    public void A_paused_producer_is_counted_and_leaves_no_gap()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 1, 0, key: true);
        _room.SetPaused(producer, true);
        _room.Send(producer.Layers[0], 2, 3_000);
        _room.Advance(600);
        _room.SetPaused(producer, false);
        _room.Send(producer.Layers[0], 3, 6_000);
        _room.Send(producer.Layers[0], 4, 9_000, key: true);

        Assert.Equal([1UL, 4UL], _room.Sent.Select(copy => copy.Source));
        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal(1UL, consumer.Drops[DropReason.ProducerPaused]);
        Assert.Single(_room.KeyFrameRequests);
    }

    [Fact]
    public void A_paused_consumer_resumes_at_a_key_frame_that_it_asked_for()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 1, 0, key: true);
        Routing.Router.Pause(consumer, PauseReasons.NotConnected);
        _room.Send(producer.Layers[0], 2, 3_000);
        Routing.Router.Pause(consumer, PauseReasons.Subscriber);
        _room.Send(producer.Layers[0], 3, 3_000);
        _room.Resume(consumer, PauseReasons.NotConnected);
        Assert.Empty(_room.KeyFrameRequests);
        _room.Resume(consumer, PauseReasons.Subscriber);
        Assert.Single(_room.KeyFrameRequests);
        _room.Send(producer.Layers[0], 4, 6_000);
        _room.Send(producer.Layers[0], 5, 9_000, key: true);

        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal(
            (1UL, 1UL, 1UL),
            (consumer.Drops[DropReason.NotConnected], consumer.Drops[DropReason.ConsumerPaused], consumer.Drops[DropReason.WaitingForKeyFrame]));
    }

    [Fact]
    public void A_codec_that_the_subscriber_lacks_is_counted_and_leaves_no_gap()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 1, 0, key: true);
        _room.Send(producer.Layers[0], 2, 3_000, key: true, codec: RecordedRoom.Av1);
        _room.Send(producer.Layers[0], 3, 6_000, key: true);

        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal(1UL, consumer.Drops[DropReason.CodecNotNegotiated]);

        _room.PayloadTypes[CodecName.Av1] = 45;
        consumer.ForgetCodec();
        _room.Send(producer.Layers[0], 4, 9_000, key: true, codec: RecordedRoom.Av1);
        Assert.Equal(45, _room.Sent[^1].PayloadType);
    }

    [Fact]
    public void A_packet_from_before_the_start_is_dropped()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 10, 0, key: true);
        _room.Send(producer.Layers[0], 9, 0);
        Assert.Equal(1UL, consumer.Drops[DropReason.BeforeSwitch]);
    }

    [Fact]
    public void A_duplicate_is_forwarded_once()
    {
        Producer producer = _room.Publish(kind: MediaKind.Audio);
        _room.Subscribe(kind: MediaKind.Audio);
        _room.Send(producer.Layers[0], 10, 0);
        _room.Send(producer.Layers[0], 10, 0);
        Assert.Single(_room.Sent);
        Assert.Equal(1UL, _room.Router.Counters.Drops[DropReason.ArrivedTooLate]);
    }

    [Fact]
    public void The_publishers_report_gives_the_subscriber_a_clock()
    {
        Producer producer = _room.Publish(layers: 2);
        Consumer consumer = _room.Subscribe();
        Assert.True(consumer.OutgoingClock.IsNone);
        _room.Send(producer.Layers[0], 1, 1_000, key: true);
        _room.Advance(10);
        _room.Send(producer.Layers[1], 1, 500_000, key: true);
        _room.Report(producer.Layers[1], new ClockReference(42, 500_090));
        Assert.Equal([default, default, new ClockReference(42, 1_000 + 900 + 90)], _room.Clocks);
    }
}

using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Forwarding.Tests;

public sealed class KeyFrameRequestTests
{
    private readonly RecordedRoom _room = new();

    [Fact]
    public void Many_subscribers_that_lost_a_picture_ask_once()
    {
        Producer producer = _room.Publish();
        Consumer[] consumers = [.. Enumerable.Range(0, 20).Select(_ => _room.Subscribe())];
        _room.Send(producer.Layers[0], 1, 0, key: true);
        foreach (Consumer consumer in consumers)
        {
            _room.PictureLost(consumer);
        }

        Assert.Single(_room.KeyFrameRequests);
    }

    [Fact]
    public void It_is_asked_again_every_500_ms_until_a_key_frame_comes()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 1, 0, key: true);
        _room.PictureLost(consumer);
        MonoTime start = _room.Now;
        for (int tick = 0; tick < 16; tick++)
        {
            _room.Advance(100);
            _room.HandleTimeout();
        }

        Assert.Equal([0L, 500L, 1_000L, 1_500L], _room.KeyFrameRequests.Select(asked => (long)(asked.At - start).TotalMilliseconds));
        Assert.Equal(start + TimeSpan.FromMilliseconds(2_000), _room.Router.NextDeadline);
        _room.Send(producer.Layers[0], 2, 3_000, key: true);
        _room.Advance(5_000);
        _room.HandleTimeout();
        Assert.Equal(4, _room.KeyFrameRequests.Count);
        Assert.Equal(MonoTime.Never, _room.Router.NextDeadline);
    }

    [Fact]
    public void A_storm_of_requests_is_at_most_two_a_second()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        for (uint frame = 0; frame < 1_000; frame++)
        {
            _room.Send(producer.Layers[0], frame, frame * 900, key: frame % 10 == 0);
            _room.PictureLost(consumer);
            _room.Advance(10);
        }

        Assert.Equal(20, _room.KeyFrameRequests.Count);
    }

    [Fact]
    public void A_waiting_subscriber_asks_when_it_joins_a_running_track()
    {
        Producer producer = _room.Publish();
        _room.Send(producer.Layers[0], 1, 0, key: true);
        _room.Subscribe();
        Assert.True(_room.Router.NextDeadline <= _room.Now);
        _room.HandleTimeout();
        Assert.Same(producer.Layers[0], Assert.Single(_room.KeyFrameRequests).Layer);
    }

    [Fact]
    public void Nobody_asks_a_paused_producer()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Send(producer.Layers[0], 1, 0, key: true);
        _room.SetPaused(producer, true);
        _room.PictureLost(consumer);
        _room.Advance(2_000);
        _room.HandleTimeout();
        Assert.Empty(_room.KeyFrameRequests);
    }
}

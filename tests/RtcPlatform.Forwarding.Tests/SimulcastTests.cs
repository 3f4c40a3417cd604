using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Forwarding.Tests;

public sealed class SimulcastTests
{
    private readonly RecordedRoom _room = new();
    private readonly Producer _producer;
    private readonly Consumer _consumer;

    public SimulcastTests()
    {
        _producer = _room.Publish(layers: 3);
        _consumer = _room.Subscribe();
    }

    private Layer Low => _producer.Layers[0];

    private Layer High => _producer.Layers[2];

    [Fact]
    public void The_first_key_frame_starts_and_the_highest_layers_takes_over()
    {
        _room.Send(Low, 10, 100, key: true, ssrc: 1);
        _room.Send(High, 500, 100, ssrc: 3);
        _room.Send(Low, 11, 100, ssrc: 1);
        _room.Advance(33);
        _room.Send(High, 501, 3_070, key: true, ssrc: 3);
        _room.Send(Low, 12, 3_070, ssrc: 1);
        _room.Send(High, 502, 3_070, ssrc: 3);

        Assert.Equal([(0, 10UL), (0, 11UL), (2, 501UL), (2, 502UL)], _room.Sent.Select(copy => (copy.Layer, copy.Source)));
        Assert.Equal([1_000UL, 1_001UL, 1_002UL, 1_003UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal([100U, 100U, 3_070U, 3_070U], _room.Sent.Select(copy => copy.Timestamp));
        Assert.Equal(2UL, _consumer.Drops[DropReason.LayerNotSelected]);
        Assert.Same(High, Assert.Single(_room.KeyFrameRequests).Layer);
    }

    [Fact]
    public void A_layer_that_fell_silent_is_left_at_the_next_key_frame_below()
    {
        _room.Send(High, 1, 0, key: true, ssrc: 3);
        for (ulong frame = 0; frame < 12; frame++)
        {
            _room.Advance(100);
            _room.Send(Low, 100 + frame, (uint)frame * 9_000, key: frame == 11, ssrc: 1);
        }

        Assert.Same(Low, _consumer.Current);
        Assert.Same(Low, Assert.Single(_room.KeyFrameRequests).Layer);
        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.True(_room.Sent[1].Timestamp > _room.Sent[0].Timestamp);
    }

    [Fact]
    public void A_key_frame_of_a_lower_layer_does_not_pull_down()
    {
        _room.Send(High, 1, 0, key: true, ssrc: 3);
        _room.Send(Low, 1, 0, key: true, ssrc: 1);
        Assert.Same(High, _consumer.Current);
        Assert.Equal(1UL, _consumer.Drops[DropReason.LayerNotSelected]);
    }

    [Fact]
    public void A_limit_takes_over_at_a_key_frame_of_the_layer_below_and_is_lifted_at_one_above()
    {
        _room.Send(High, 1, 0, key: true, ssrc: 3);
        _room.Send(Low, 100, 0, ssrc: 1);
        _room.Limit(_consumer, 0);
        Assert.Same(Low, Assert.Single(_room.KeyFrameRequests).Layer);
        _room.Send(High, 2, 3_000, ssrc: 3);
        _room.Send(Low, 101, 3_000, key: true, ssrc: 1);
        _room.Send(High, 3, 6_000, key: true, ssrc: 3);
        Assert.Equal([(2, 1UL), (2, 2UL), (0, 101UL)], _room.Sent.Select(copy => (copy.Layer, copy.Source)));

        _room.Limit(_consumer, Producer.MostLayers - 1);
        _room.Send(Low, 102, 6_000, ssrc: 1);
        _room.Send(High, 4, 9_000, key: true, ssrc: 3);
        Assert.Equal([(0, 102UL), (2, 4UL)], _room.Sent.Skip(3).Select(copy => (copy.Layer, copy.Source)));
        Assert.Equal([1_000UL, 1_001UL, 1_002UL, 1_003UL, 1_004UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal([0, 2], _room.KeyFrameRequests.Select(request => request.Layer.Index));
    }

    [Fact]
    public void With_a_limit_nothing_above_it_starts()
    {
        _room.Limit(_consumer, 1);
        _room.Send(Low, 1, 0, ssrc: 1);
        _room.Send(High, 500, 0, key: true, ssrc: 3);
        Assert.Empty(_room.Sent);
        _room.Send(Low, 2, 0, key: true, ssrc: 1);
        Assert.Same(Low, _consumer.Current);
    }

    [Fact]
    public void A_limit_below_everything_that_arrives_gives_the_next_above()
    {
        _room.Limit(_consumer, 0);
        _room.Send(High, 500, 0, key: true, ssrc: 3);
        Assert.Same(High, _consumer.Current);
    }

    [Fact]
    public void A_late_packet_of_the_former_layer_fills_its_gap()
    {
        _room.Send(Low, 10, 100, key: true, ssrc: 1);
        _room.Send(Low, 12, 100, ssrc: 1);
        _room.Send(High, 500, 100, key: true, ssrc: 3);
        _room.Send(Low, 11, 100, ssrc: 1);
        Assert.Equal([1_000UL, 1_002UL, 1_003UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
    }

    [Fact]
    public void A_layer_whose_source_changed_waits_for_a_key_frame_and_leaves_no_gap()
    {
        _room.Send(High, 5_000, 0, key: true, ssrc: 3);
        _room.Advance(20);
        _room.Send(High, 3, 777_777, ssrc: 4);
        _room.Send(High, 4, 777_777, key: true, ssrc: 4);
        Assert.Equal([1_000UL, 1_001UL], _room.Sent.Select(copy => copy.Sequence));
        Assert.Equal(1UL, _consumer.Drops[DropReason.WaitingForKeyFrame]);
        Assert.Equal(20U * 90, _room.Sent[1].Timestamp - _room.Sent[0].Timestamp);
    }
}

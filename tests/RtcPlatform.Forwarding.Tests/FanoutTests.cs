using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Tests;

/// <summary>Packets that arrived together leave together.</summary>
public sealed class FanoutTests
{
    private readonly RecordedRoom _room = new();

    [Fact]
    public void Each_consumer_gets_all_that_waits_before_the_next_one_does()
    {
        Layer layer = _room.Publish().Layers[0];
        Consumer first = _room.Subscribe();
        Consumer second = _room.Subscribe();
        _room.Arrive(layer, 10, 1, key: true);
        _room.Arrive(layer, 11, 1);
        _room.Arrive(layer, 12, 1);
        Assert.Empty(_room.Sent);

        _room.Forward();

        Assert.Equal([first, first, first, second, second, second], _room.Sent.Select(static copy => copy.To));
        Assert.Equal([10UL, 11, 12, 10, 11, 12], _room.Sent.Select(static copy => copy.Source));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(21)]
    public void The_shard_prepares_for_each_consumer_just_before_it_is_sent_to(int count)
    {
        Layer layer = _room.Publish().Layers[0];
        Consumer[] all = [.. Enumerable.Range(0, count).Select(_ => _room.Subscribe())];
        _room.Arrive(layer, 10, 1, key: true);
        _room.Arrive(layer, 11, 1);
        _room.Forward();

        Assert.Equal(all, _room.Prepared.SelectMany(static group => group.Consumers));
        int consumers = 0;
        foreach ((Consumer[] group, int sentBefore) in _room.Prepared)
        {
            Assert.InRange(group.Length, 1, 8);
            Assert.Equal(2 * consumers, sentBefore);
            consumers += group.Length;
        }
    }

    [Fact]
    public void Nothing_is_sent_twice()
    {
        Layer layer = _room.Publish().Layers[0];
        _room.Subscribe();
        _room.Send(layer, 10, 1, key: true);
        _room.Forward();
        Assert.Single(_room.Sent);
    }

    [Fact]
    public void More_than_may_wait_is_sent_on_the_way_in_order()
    {
        Layer layer = _room.Publish("TR_a", MediaKind.Audio).Layers[0];
        _room.Subscribe("TR_a", MediaKind.Audio);
        for (ulong sequence = 100; sequence < 300; sequence++)
        {
            _room.Arrive(layer, sequence, (uint)sequence, length: 1_400);
        }

        _room.Forward();

        Assert.Equal(Enumerable.Range(100, 200).Select(static n => (ulong)n), _room.Sent.Select(static copy => copy.Source));
        Assert.Equal(200UL, _room.Router.Counters.Forwarded);
    }

    [Fact]
    public void A_new_source_does_not_reach_back_to_what_the_former_one_left_waiting()
    {
        Layer layer = _room.Publish().Layers[0];
        _room.Subscribe();
        _room.Arrive(layer, 10, 1, key: true, ssrc: 7);
        _room.Arrive(layer, 500, 9, key: true, ssrc: 8);
        _room.Forward();

        Assert.Equal([10UL, 500], _room.Sent.Select(static copy => copy.Source));
        Assert.Equal(_room.Sent[0].Sequence + 1, _room.Sent[1].Sequence);
    }

    [Fact]
    public void What_waits_in_a_track_that_is_removed_is_counted()
    {
        Producer producer = _room.Publish();
        _room.Subscribe();
        _room.Arrive(producer.Layers[0], 10, 1, key: true);
        _room.Router.Remove(producer);
        _room.Forward();

        Assert.Empty(_room.Sent);
        Assert.Equal(1UL, _room.Router.Counters.Drops[DropReason.NoConsumer]);
    }

    [Fact]
    public void A_muted_track_counts_each_packet_for_each_consumer()
    {
        Producer producer = _room.Publish();
        Consumer consumer = _room.Subscribe();
        _room.Subscribe();
        _room.SetPaused(producer, true);
        _room.Arrive(producer.Layers[0], 10, 1, key: true);
        _room.Arrive(producer.Layers[0], 11, 1);
        _room.Forward();

        Assert.Equal(4UL, _room.Router.Counters.Drops[DropReason.ProducerPaused]);
        Assert.Equal(2UL, consumer.Drops[DropReason.ProducerPaused]);
    }

    // Payload lengths of one wake-up, and the padding that each gets.
    public static TheoryData<int[], int[]> Frames => new()
    {
        { [1_100], [0] },
        { [1_100, 1_100, 1_100], [0, 0, 0] },
        { [1_094, 1_093, 1_094, 1_093], [0, 1, 0, 0] },
        { [1_093, 1_093, 1_094, 1_094], [1, 1, 0, 0] },
        { [1_100, 1_095, 400], [0, 5, 0] },
        { [1_100, 400, 1_100], [0, 0, 0] },
        { [400, 1_100, 1_100], [0, 0, 0] },
        { [1_100, 1_084], [0, 0] },
        { [1_084, 1_100, 1_090, 1_000], [16, 0, 10, 0] },
        { [1_083, 1_100], [0, 0] },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void Packets_of_nearly_one_length_are_padded_to_one(int[] lengths, int[] paddings)
    {
        Layer layer = _room.Publish().Layers[0];
        _room.Subscribe();
        _room.Subscribe();
        for (int index = 0; index < lengths.Length; index++)
        {
            _room.Arrive(layer, 10 + (ulong)index, 1, key: index == 0, length: lengths[index]);
        }

        _room.Forward();

        Assert.Equal(paddings.Concat(paddings), _room.Sent.Select(static copy => (int)copy.Padding));
        Assert.Equal(lengths.Concat(lengths), _room.Sent.Select(static copy => copy.Length - copy.Padding));
        Assert.Equal((ulong)lengths.Sum() * 2, _room.Router.Counters.ForwardedBytes);
    }

    [Fact]
    public void A_packet_is_resent_without_its_padding()
    {
        Layer layer = _room.Publish().Layers[0];
        Consumer consumer = _room.Subscribe();
        _room.Arrive(layer, 10, 1, key: true, length: 1_090);
        _room.Arrive(layer, 11, 1, length: 1_100);
        _room.Forward();
        Assert.Equal(10, _room.Sent[0].Padding);

        (ResendResult result, SentCopy? copy) = _room.Nack(consumer, _room.Sent[0].Sequence);

        Assert.Equal(ResendResult.Found, result);
        Assert.Equal((1_090, (byte)0), (copy!.Value.Length, copy.Value.Padding));
    }
}

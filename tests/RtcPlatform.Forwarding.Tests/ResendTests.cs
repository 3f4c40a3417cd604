using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Forwarding.Tests;

public sealed class ResendTests
{
    private readonly RecordedRoom _room = new();
    private readonly Producer _producer;
    private readonly Consumer _consumer;

    public ResendTests()
    {
        _producer = _room.Publish();
        _consumer = _room.Subscribe();
        _room.Send(_producer.Layers[0], 65_530, 100, key: true);
    }

    [Fact]
    public void What_was_sent_is_found_with_the_same_numbers()
    {
        for (ulong sequence = 65_531; sequence < 65_600; sequence++)
        {
            _room.Send(_producer.Layers[0], sequence, (uint)sequence);
        }

        foreach (SentCopy sent in _room.Sent.ToArray())
        {
            Assert.Equal((ResendResult.Found, sent), _room.Nack(_consumer, sent.Sequence));
        }

        Assert.Equal((ulong)_room.Sent.Count, _room.Router.Counters.Resent);
    }

    [Fact]
    public void What_the_publisher_never_delivered_is_not_resent()
    {
        _room.Send(_producer.Layers[0], 65_532, 100);
        Assert.Equal(ResendResult.NeverArrived, _room.Nack(_consumer, 1_001).Result);
        Assert.Equal(1UL, _room.Router.Counters.NeverArrived);

        _room.Send(_producer.Layers[0], 65_531, 100);
        Assert.Equal(1_001UL, _room.Sent[^1].Sequence);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1_001)]
    [InlineData(40_000)]
    public void A_number_that_was_never_sent_is_a_cache_miss(ushort sequence)
    {
        Assert.Equal(ResendResult.NotSent, _room.Nack(_consumer, sequence).Result);
        Assert.Equal(1UL, _consumer.Drops[DropReason.RtxCacheMiss]);
    }

    [Fact]
    public void What_was_overwritten_is_a_cache_miss()
    {
        for (ulong sequence = 65_531; sequence < 68_000; sequence++)
        {
            _room.Send(_producer.Layers[0], sequence, 0);
        }

        Assert.Equal(ResendResult.CacheMiss, _room.Nack(_consumer, 1_001).Result);
        Assert.Equal(1UL, _consumer.Drops[DropReason.RtxCacheMiss]);
    }

    [Fact]
    public void A_storm_of_the_same_NACK_is_answered_once()
    {
        Assert.Equal(ResendResult.Found, _room.Nack(_consumer, 1_000).Result);
        Assert.Equal(ResendResult.Throttled, _room.Nack(_consumer, 1_000).Result);
        _room.Advance(25);
        Assert.Equal(ResendResult.Found, _room.Nack(_consumer, 1_000).Result);
        Assert.Equal(1UL, _consumer.Drops[DropReason.RtxThrottled]);
    }
}

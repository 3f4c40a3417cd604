using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Tests.Load;

/// <summary>The prediction and the placement alone: nothing is negotiated here, so the records have no negotiator.</summary>
public sealed class TransportRegisterTests
{
    private const int Capacity = 10_000;

    private readonly TransportRegister _register = new(3, Capacity);
    private int _transports;

    [Fact]
    public void What_is_published_and_received_counts_and_what_ends_does_not()
    {
        TransportRecord publisher = Open("one");
        Assert.True(_register.TryReserve(publisher, [Publishes("TR_a", MediaKind.Audio), Publishes("TR_v", MediaKind.Video)]));
        TransportRecord subscriber = Open("one");
        Assert.True(_register.TryReserve(subscriber, [Receives("TR_a", MediaKind.Audio), Receives("TR_v", MediaKind.Video)]));

        Assert.Equal((0, 440, 440), (publisher.Shard, _register.LoadOf(0), _register.PredictedLoad));
        _register.Changed(subscriber.Id, TransportState.Closed);
        Assert.Equal(220, _register.LoadOf(0));
        _register.Changed(publisher.Id, TransportState.Failed);
        _register.Changed(publisher.Id, TransportState.Failed);
        Assert.Equal(0, _register.PredictedLoad);
    }

    [Fact]
    public void A_muted_track_costs_nobody_anything_until_it_is_unmuted_or_published_anew()
    {
        TransportRecord publisher = Open("one");
        _register.SetPaused(publisher, "TR_v", true);
        Assert.True(_register.TryReserve(publisher, [Publishes("TR_v", MediaKind.Video)]));
        TransportRecord subscriber = Open("one");
        Assert.True(_register.TryReserve(subscriber, [Receives("TR_v", MediaKind.Video)]));
        Assert.Equal(0, _register.LoadOf(0));

        _register.SetPaused(publisher, "TR_v", false);
        Assert.Equal(340, _register.LoadOf(0));
        _register.SetPaused(publisher, "TR_v", true);
        Assert.Equal(0, _register.LoadOf(0));
        _register.Changed(publisher.Id, TransportState.Closed);
        Assert.Equal(170, _register.LoadOf(0));
    }

    [Fact]
    public void A_new_room_goes_where_there_is_least_to_do()
    {
        Fill(Open("one"), 2_000);
        Fill(Open("two"), 1_000);
        Assert.Equal([0, 1, 2], new[] { Open("one").Shard, Open("two").Shard, Open("three").Shard });
        Fill(Open("three"), 3_000);
        Assert.Equal(1, Open("four").Shard);
    }

    [Fact]
    public void A_room_stays_at_home_until_that_is_filled_to_four_fifths_and_then_keeps_to_the_shard_it_spilled_to()
    {
        Fill(Open("big"), 8_100);
        Fill(Open("other"), 500);
        TransportRecord spilled = Open("big");
        Assert.Equal(2, spilled.Shard);
        Fill(spilled, 1_000);
        Assert.Equal(2, Open("big").Shard);
        Assert.Equal(1, Open("new").Shard);
    }

    [Fact]
    public void A_first_offer_that_its_shard_has_no_room_for_is_given_to_another_and_refused_when_none_has()
    {
        TransportRecord early = Open("big");
        Fill(Open("big"), 9_000);
        Assert.True(_register.TryReserve(early, Many("early", 2_000)));
        Assert.Equal(1, early.Shard);
        Fill(Open("other"), 9_000);
        long before = _register.PredictedLoad;
        TransportRecord late = Open("big");
        Assert.False(_register.TryReserve(late, Many("late", 9_000)));
        Assert.Equal(before, _register.PredictedLoad);
    }

    [Fact]
    public void Who_is_there_keeps_what_he_has_and_may_have_less()
    {
        TransportRecord grown = Open("one");
        _register.Reserve(grown, Many("grown", Capacity + 1_000));
        Assert.True(_register.TryReserve(grown, Many("grown", Capacity + 500)));
        Assert.False(_register.TryReserve(grown, Many("grown", Capacity + 600)));
        Assert.Equal(Capacity + 500, _register.LoadOf(0));
    }

    [Fact]
    public void A_home_that_all_have_left_is_where_most_of_the_room_is()
    {
        TransportRecord first = Open("one");
        Fill(first, 9_000);
        TransportRecord second = Open("one");
        Fill(second, 100);
        _register.Changed(first.Id, TransportState.Closed);
        Assert.Equal(second.Shard, Open("one").Shard);
        Assert.NotEqual(first.Shard, second.Shard);
    }

    private TransportRecord Open(string room)
    {
        var record = new TransportRecord($"T_{_transports++}", room, _register.Place(room), null!);
        Assert.True(_register.TryAdd(record));
        return record;
    }

    private void Fill(TransportRecord record, int packets) => Assert.True(_register.TryReserve(record, Many(record.Id, packets)));

    private static TrackUse[] Many(string name, int packets) =>
        [.. Enumerable.Range(0, packets / 50).Select(number => Receives($"{name}-{number}", MediaKind.Audio))];

    private static TrackUse Publishes(string sid, MediaKind kind) => new(sid, sid, kind, true);

    private static TrackUse Receives(string sid, MediaKind kind) => new(sid, sid, kind, false);
}

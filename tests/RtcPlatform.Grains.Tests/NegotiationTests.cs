using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Tests;

public sealed class NegotiationTests
{
    [Fact]
    public void A_published_track_reaches_the_others_over_sections_they_are_asked_for()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        string track = stage.Run(() => alice.PublishAsync());
        stage.Settle();

        Assert.Equal([track], bob.Receiving.Values);
        Assert.Equal(1, bob.VideoSections);
        Assert.Contains(bob.Heard, e => e is NegotiationNeededEvent { AddAudioSections: 0, AddVideoSections: 1 });
        Assert.Equal("video/VP8", bob.Picture!.Participants[0].Tracks.Single().MimeType);
    }

    [Fact]
    public void Many_changes_while_one_request_is_outstanding_make_one_request()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        bob.Obeys = false;
        bob.Heard.Clear();
        for (int i = 0; i < 5; i++)
        {
            stage.Run(() => alice.PublishAsync());
        }

        stage.Settle();
        Assert.Single(bob.Heard.OfType<NegotiationNeededEvent>());

        bob.VideoSections = 1;
        Outcome<AnswerResult> answer = stage.Run(() => bob.OfferAsync());
        Assert.Equal(4, answer.Value!.MissingVideoSections);
        stage.Settle();
        NegotiationNeededEvent[] asked = [.. bob.Heard.OfType<NegotiationNeededEvent>()];
        Assert.Equal(2, asked.Length);
        Assert.Equal(4, asked[1].AddVideoSections);
    }

    [Fact]
    public void A_client_that_adds_what_the_answer_lacks_is_not_asked_again()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        stage.Run(() => alice.PublishAsync());
        stage.Run(() => alice.PublishAsync());
        ScriptedClient bob = stage.Joined("bob");

        Assert.Equal(2, bob.Receiving.Count);
        Assert.Equal(2, bob.VideoSections);
        Assert.DoesNotContain(bob.Heard, e => e is NegotiationNeededEvent);
    }

    [Fact]
    public void A_client_that_joins_without_an_offer_is_asked_for_one()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        stage.Run(() => alice.PublishAsync());
        ScriptedClient bob = stage.Client("bob");
        stage.Run(() => bob.JoinAsync(withOffer: false));
        stage.Settle();

        Assert.Single(bob.Receiving);
    }

    [Fact]
    public void Stale_offers_are_refused_and_failed_ones_do_not_use_their_number_up()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        Outcome<AnswerResult> stale = stage.Run(() => alice.OfferAsync(id: 1));
        Outcome<AnswerResult> garbage = stage.Run(() => alice.OfferAsync(id: 2, sdp: "garbage"));
        Outcome<AnswerResult> good = stage.Run(() => alice.OfferAsync(id: 2));

        Assert.Equal(SignalErrorCode.StaleOffer, stale.Error!.Code);
        Assert.Equal(SignalErrorCode.InvalidSdp, garbage.Error!.Code);
        Assert.Equal(2UL, good.Value!.OfferId);
    }

    [Fact]
    public void Tracks_of_others_and_unannounced_ones_cannot_be_offered()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        string track = stage.Run(() => alice.PublishAsync());
        bob.Publishing["s0"] = track;
        Assert.Equal(SignalErrorCode.PermissionDenied, stage.Run(() => bob.OfferAsync()).Error!.Code);
        bob.Publishing["s0"] = "TR_000000000000";
        Assert.Equal(SignalErrorCode.PermissionDenied, stage.Run(() => bob.OfferAsync()).Error!.Code);
    }

    [Theory]
    [InlineData(false, new string[0], "camera", SignalErrorCode.PermissionDenied)]
    [InlineData(true, new[] { "microphone" }, "camera", SignalErrorCode.PermissionDenied)]
    [InlineData(true, new[] { "nonsense" }, "camera", SignalErrorCode.PermissionDenied)]
    [InlineData(true, new string[0], "microphone", SignalErrorCode.InvalidRequest)]
    public void Publishing_is_held_to_the_grants(bool canPublish, string[] sources, string source, SignalErrorCode expected)
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Client("alice");
        alice.Grants = new GrantRecord(canPublish, true, true, sources);
        stage.Run(() => alice.JoinAsync());
        Outcome<TrackRecord> track = stage.Run(() =>
            alice.Grain.Publish(new PublishCommand(alice.ConnectionId, "video", source, "", false, 1, 1)));

        Assert.Equal(expected, track.Error!.Code);
        Assert.Empty(stage.Snapshot.Participants.Single().Tracks);
    }

    [Fact]
    public void Who_may_not_subscribe_receives_nothing()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string track = stage.Run(() => alice.PublishAsync());
        ScriptedClient bob = stage.Client("bob");
        bob.Grants = new GrantRecord(true, false, true, []);
        bob.VideoSections = 1;
        stage.Run(() => bob.JoinAsync());

        Assert.Empty(bob.Receiving);
        Outcome<Accepted> asked = stage.Run(() => bob.Grain.UpdateSubscriptions(bob.ConnectionId, [track], true));
        Assert.Equal(SignalErrorCode.PermissionDenied, asked.Error!.Code);
    }

    [Fact]
    public void Subscriptions_are_chosen_by_sid_and_unknown_sids_change_nothing()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string first = stage.Run(() => alice.PublishAsync());
        string second = stage.Run(() => alice.PublishAsync());
        ScriptedClient bob = stage.Client("bob");
        bob.AutoSubscribe = false;
        stage.Run(() => bob.JoinAsync());
        stage.Settle();
        Assert.Empty(bob.Receiving);

        Outcome<Accepted> unknown = stage.Run(() =>
            bob.Grain.UpdateSubscriptions(bob.ConnectionId, [first, "TR_000000000000"], true));
        stage.Settle();
        Assert.Equal(SignalErrorCode.TrackNotFound, unknown.Error!.Code);
        Assert.Empty(bob.Receiving);

        stage.Run(() => bob.Grain.UpdateSubscriptions(bob.ConnectionId, [first, second], true));
        stage.Settle();
        Assert.Equal([first, second], bob.Receiving.Values);

        stage.Run(() => bob.Grain.UpdateSubscriptions(bob.ConnectionId, [first], false));
        stage.Settle();
        Assert.Equal([second], bob.Receiving.Values);
    }

    [Fact]
    public void Mute_pauses_the_producer_and_is_seen_by_the_others()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        string track = stage.Run(() => alice.PublishAsync());
        stage.Run(() => alice.Grain.SetMuted(alice.ConnectionId, track, true));
        stage.Settle();

        Assert.True(bob.Picture!.Participants[0].Tracks.Single().Muted);
        Assert.Contains(stage.Node.Transports.Values, transport => transport.Paused.Contains(track));
        Outcome<Accepted> unknown = stage.Run(() => bob.Grain.SetMuted(bob.ConnectionId, track, false));
        Assert.Equal(SignalErrorCode.TrackNotFound, unknown.Error!.Code);
    }

    [Fact]
    public void An_unpublished_track_leaves_the_room_and_the_answers()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        string track = stage.Run(() => alice.PublishAsync());
        stage.Settle();
        stage.Run(() => alice.Grain.Unpublish(alice.ConnectionId, track));
        stage.Settle();

        Assert.Empty(bob.Picture!.Participants[0].Tracks);
        Assert.Empty(bob.Receiving);
    }

    [Fact]
    public void A_gap_in_versions_is_closed_by_a_snapshot()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ulong version = alice.Picture!.Version;
        stage.Run(() => alice.Grain.OnRoomChanged(new RoomDelta(version + 3, [], [], [])));
        ScriptedClient bob = stage.Joined("bob");
        stage.Run(() => bob.PublishAsync());
        stage.Settle();

        Assert.True(alice.Gaps > 0);
        Assert.Equal(stage.Snapshot.Version, alice.Picture.Version);
        Assert.Single(alice.Receiving);
    }

    [Fact]
    public void The_nodes_errors_reach_the_client_as_its_own()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        stage.Node.Refuses = _ => new Error { Code = "overloaded", Message = "no" };
        Assert.Equal(SignalErrorCode.NoMediaNode, stage.Run(() => alice.OfferAsync()).Error!.Code);
        stage.Node.Refuses = _ => new Error { Code = "no_room", Message = "no" };
        Assert.Equal(SignalErrorCode.LimitExceeded, stage.Run(() => alice.OfferAsync()).Error!.Code);
        stage.Node.Refuses = _ => new Error { Code = "something", Message = "no" };
        Assert.Equal(SignalErrorCode.Internal, stage.Run(() => alice.OfferAsync()).Error!.Code);
    }
}

using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Tests;

public sealed class JoinTests
{
    [Fact]
    public void The_first_answer_comes_with_the_join_and_others_hear_of_it()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");

        Assert.Equal(["alice", "bob"], bob.Picture!.Participants.Select(p => p.Identity));
        Assert.Equal(["alice", "bob"], alice.Picture!.Participants.Select(p => p.Identity));
        Assert.Equal(stage.Snapshot.Version, alice.Picture.Version);
        Assert.StartsWith("PA_", bob.Sid, StringComparison.Ordinal);
        Assert.StartsWith("RM_", stage.Snapshot.Sid, StringComparison.Ordinal);
        Assert.Equal(2, stage.Node.Transports.Count);
        Assert.All(stage.Node.Transports.Values, transport => Assert.Equal(1UL, transport.OfferId));
    }

    [Fact]
    public void A_late_joiner_receives_what_is_published_in_the_first_answer()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string track = stage.Run(() => alice.PublishAsync());
        ScriptedClient bob = stage.Client("bob");
        bob.VideoSections = 1;
        Outcome<JoinResult> joined = stage.Run(() => bob.JoinAsync());

        Assert.Equal([track], joined.Value!.Answer!.MidToTrack.Values);
        Assert.Equal(0, joined.Value.Answer.MissingVideoSections);
    }

    [Fact]
    public void Without_a_media_node_a_join_fails_and_leaves_nothing()
    {
        using var stage = new Stage(startNode: false);
        Outcome<JoinResult> joined = stage.Run(() => stage.Client("alice").JoinAsync());

        Assert.Equal(SignalErrorCode.NoMediaNode, joined.Error!.Code);
        Assert.Equal(string.Empty, stage.Snapshot.Sid);
    }

    [Fact]
    public void A_garbage_offer_fails_the_join_and_leaves_nothing()
    {
        using var stage = new Stage();
        Outcome<JoinResult> joined = stage.Run(() => stage.Client("alice").JoinAsync(sdp: "garbage"));

        Assert.Equal(SignalErrorCode.InvalidSdp, joined.Error!.Code);
        Assert.Empty(stage.Node.Transports);
        Assert.Equal(string.Empty, stage.Snapshot.Sid);
    }

    [Fact]
    public void A_node_that_never_answers_fails_the_join_in_time_and_leaves_nothing()
    {
        using var stage = new Stage();
        stage.Node.Swallows = request => request.OpenTransport is not null;
        DateTimeOffset before = stage.Silo.Time.GetUtcNow();
        Outcome<JoinResult> joined = stage.Run(() => stage.Client("alice").JoinAsync());

        Assert.Equal(SignalErrorCode.MediaNodeLost, joined.Error!.Code);
        Assert.InRange(stage.Silo.Time.GetUtcNow() - before, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
        Assert.Equal(string.Empty, stage.Snapshot.Sid);
    }

    [Fact]
    public void A_full_room_refuses_but_lets_the_same_identity_in_again()
    {
        using var stage = new Stage(maxParticipants: 1);
        stage.Joined("alice");
        Outcome<JoinResult> bob = stage.Run(() => stage.Client("bob").JoinAsync());
        Outcome<JoinResult> again = stage.Run(() => stage.Client("alice").JoinAsync());

        Assert.Equal(SignalErrorCode.RoomFull, bob.Error!.Code);
        Assert.True(again.IsOk);
        Assert.Single(stage.Node.Transports);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" padded ")]
    [InlineData("line\nbreak")]
    public void Identities_that_are_no_names_are_refused(string identity)
    {
        using var stage = new Stage();
        IParticipantGrain grain = stage.Silo.Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant("project", "room", identity));
        var command = new JoinCommand("c", "project", "room", identity, "n", "", new GrantRecord(true, true, true, []), true, null);
        Outcome<JoinResult> joined = stage.Run(() => grain.Join(command, null!));

        Assert.Equal(SignalErrorCode.InvalidRequest, joined.Error!.Code);
    }

    [Fact]
    public void A_second_join_of_an_identity_takes_the_place_of_the_first()
    {
        using var stage = new Stage();
        ScriptedClient bob = stage.Joined("bob");
        ScriptedClient first = stage.Joined("alice");
        ScriptedClient second = stage.Joined("alice");

        Assert.Equal(DisconnectReason.DuplicateIdentity, first.Disconnected);
        Assert.True(second.IsJoined);
        Assert.NotEqual(first.Sid, second.Sid);
        Assert.Equal(2, stage.Node.Transports.Count);
        Assert.Equal(["bob", "alice"], bob.Picture!.Participants.Select(p => p.Identity));
        Assert.Contains(bob.Heard.OfType<RoomChangedEvent>(), e => e.Delta.Left.Any(
            left => left.Sid == first.Sid && left.Reason == DisconnectReason.DuplicateIdentity));
        Outcome<RoomSnapshot> old = stage.Run(() => first.Grain.Snapshot(first.ConnectionId));
        Assert.Equal(SignalErrorCode.NotJoined, old.Error!.Code);
    }

    [Fact]
    public void A_second_join_that_fails_leaves_the_first_alone()
    {
        using var stage = new Stage();
        ScriptedClient first = stage.Joined("alice");
        Outcome<JoinResult> second = stage.Run(() => stage.Client("alice").JoinAsync(sdp: "garbage"));

        Assert.False(second.IsOk);
        Assert.Null(first.Disconnected);
        Assert.Single(stage.Node.Transports);
        Assert.Single(stage.Snapshot.Participants);
    }

    [Fact]
    public void An_answer_after_the_reservation_ended_does_not_let_anybody_in()
    {
        using var stage = new Stage();
        ScriptedClient keeper = stage.Joined("keeper");
        stage.Node.Delay = request => request.CommandCase == Request.CommandOneofCase.None ? default : TimeSpan.FromSeconds(8);
        Outcome<JoinResult> joined = stage.Run(() => stage.Client("alice").JoinAsync());
        stage.Silo.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(SignalErrorCode.NotJoined, joined.Error!.Code);
        Assert.Equal([keeper.Sid], stage.Snapshot.Participants.Select(p => p.Sid));
        Assert.Single(stage.Node.Transports);
    }

    [Fact]
    public void A_room_closes_20_s_after_the_last_has_left_and_opens_anew()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string former = stage.Snapshot.Sid;
        stage.Run(alice.LeaveAsync);
        Assert.Empty(stage.Node.Transports);
        stage.Silo.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(former, stage.Snapshot.Sid);
        stage.Silo.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(string.Empty, stage.Snapshot.Sid);
        stage.Joined("alice");
        Assert.NotEqual(former, stage.Snapshot.Sid);
    }
}

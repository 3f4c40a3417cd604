using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Tests;

public sealed class NodeLossTests
{
    [Fact]
    public void A_killed_node_that_comes_back_is_a_new_one_at_once()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        stage.Run(() => alice.PublishAsync());
        stage.Settle();
        stage.Run(stage.Node.KillAsync);
        stage.Run(stage.Node.StartAsync);
        stage.Settle();

        Assert.Contains(bob.Heard, e => e is TransportLostEvent);
        Assert.Equal(2, stage.Node.Transports.Count);
        Assert.Single(bob.Receiving);
        Assert.Equal(2, stage.Snapshot.Participants.Length);
    }

    [Fact]
    public void A_node_that_stays_away_is_lost_after_3_s_and_another_takes_over()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedNode other = stage.NewNode("node-2");
        stage.Run(other.StartAsync);
        stage.Run(stage.Node.KillAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(2.5));
        Assert.DoesNotContain(alice.Heard, e => e is TransportLostEvent);
        stage.Silo.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Contains(alice.Heard, e => e is TransportLostEvent);
        Assert.Single(other.Transports);
        Assert.False(alice.TransportLost);
    }

    [Fact]
    public void A_new_room_is_not_placed_on_a_node_whose_stream_is_broken()
    {
        using var stage = new Stage();
        ScriptedNode other = stage.NewNode("node-2");
        stage.Run(other.StartAsync);
        stage.Run(stage.Node.DropStreamAsync);
        stage.Joined("alice");

        Assert.Single(other.Transports);
        Assert.Empty(stage.Node.Transports);
    }

    [Fact]
    public void A_room_in_use_stays_on_a_node_whose_stream_is_broken()
    {
        using var stage = new Stage();
        stage.Joined("alice");
        ScriptedNode other = stage.NewNode("node-2");
        stage.Run(other.StartAsync);
        stage.Run(stage.Node.DropStreamAsync);
        Task joining = stage.Silo.Start(() => stage.Client("bob").JoinAsync());
        stage.Settle();
        stage.Run(stage.Node.ConnectAsync);
        stage.Settle();

        Assert.True(joining.IsCompletedSuccessfully);
        Assert.Equal(2, stage.Node.Transports.Count);
        Assert.Empty(other.Transports);
    }

    [Fact]
    public void Of_two_nodes_that_remember_a_participant_the_later_one_is_believed()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedNode other = stage.NewNode("node-2");
        stage.Run(other.StartAsync);
        stage.Run(stage.Node.DropStreamAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(4));
        string track = stage.Run(() => alice.PublishAsync());
        stage.Settle();
        stage.KillServer(alice);
        other.LoseServer();
        stage.Run(stage.Node.ConnectAsync);
        stage.Run(other.ConnectAsync);
        stage.Settle();

        Assert.True(stage.Run(alice.ResumeAsync).IsOk);
        Assert.True(stage.Run(() => alice.OfferAsync()).IsOk);
        Assert.Empty(stage.Node.Transports);
        Assert.Single(other.Transports);
        Assert.Equal(track, Assert.Single(Assert.Single(stage.Snapshot.Participants).Tracks).Sid);
    }

    [Fact]
    public void While_no_node_lives_offers_say_so_and_succeed_later()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        alice.Obeys = false;
        stage.Run(stage.Node.KillAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SignalErrorCode.MediaNodeLost, stage.Run(() => alice.OfferAsync()).Error!.Code);
        Assert.Equal(SignalErrorCode.NoMediaNode, stage.Run(() => alice.OfferAsync(newTransport: true)).Error!.Code);
        stage.Run(stage.Node.StartAsync);

        Assert.True(stage.Run(() => alice.OfferAsync(newTransport: true)).IsOk);
        Assert.Single(stage.Node.Transports);
    }

    [Fact]
    public void A_broken_stream_that_is_resumed_in_time_loses_nothing()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        stage.Run(stage.Node.DropStreamAsync);
        Outcome<AnswerResult>? offer = null;
        Task waiting = stage.Silo.Start(async () => offer = await alice.OfferAsync());
        stage.Silo.Advance(TimeSpan.FromSeconds(2));
        Assert.False(waiting.IsCompleted);
        stage.Run(stage.Node.ConnectAsync);

        Assert.True(stage.Node.Resumed);
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.True(offer!.IsOk);
        stage.Silo.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(alice.Heard, e => e is TransportLostEvent);
    }

    [Fact]
    public void What_the_node_said_while_the_stream_was_broken_arrives_once()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string transport = stage.Node.Transports.Keys.Single();
        stage.Run(stage.Node.DropStreamAsync);
        stage.Run(() => stage.Node.NotifyAsync(transport, TransportState.Disconnected, "no consent"));
        stage.Run(stage.Node.ConnectAsync);
        stage.Settle();

        Assert.Single(alice.Heard.OfType<TransportChangedEvent>());
    }

    [Fact]
    public void A_node_that_is_back_too_late_with_old_transports_is_told_to_close_them()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string former = stage.Node.Transports.Keys.Single();
        stage.Run(stage.Node.DropStreamAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(5));
        Assert.True(alice.TransportLost);
        stage.Run(stage.Node.ConnectAsync);
        Assert.True(stage.Run(() => alice.OfferAsync(newTransport: true)).IsOk);
        stage.Settle();

        Assert.DoesNotContain(former, stage.Node.Transports.Keys);
        Assert.Single(stage.Node.Transports);
    }

    [Fact]
    public void A_failed_transport_is_replaced_by_the_client()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string former = stage.Node.Transports.Keys.Single();
        stage.Run(() => stage.Node.NotifyAsync(former, TransportState.Failed, "no consent for 30 s"));
        stage.Settle();

        Assert.False(alice.TransportLost);
        Assert.NotEqual(former, stage.Node.Transports.Keys.Single());
    }

    [Fact]
    public void A_transport_that_the_node_does_not_know_counts_as_lost()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        alice.Obeys = false;
        stage.Node.Transports.Clear();
        Outcome<AnswerResult> offer = stage.Run(() => alice.OfferAsync());

        Assert.Equal(SignalErrorCode.MediaNodeLost, offer.Error!.Code);
        Assert.True(alice.TransportLost);
    }

    [Fact]
    public void After_kill_of_the_server_everybody_resumes_on_the_same_transports()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        string track = stage.Run(() => alice.PublishAsync());
        stage.Settle();
        RoomSnapshot before = stage.Snapshot;
        string[] transports = [.. stage.Node.Transports.Keys];

        stage.KillServer(alice, bob);
        Assert.Equal(SignalErrorCode.NoMediaNode, stage.Run(bob.ResumeAsync).Error!.Code);
        stage.Run(stage.Node.ConnectAsync);
        Outcome<ResumeResult> resumedBob = stage.Run(bob.ResumeAsync);
        Outcome<ResumeResult> resumedAlice = stage.Run(alice.ResumeAsync);
        stage.Settle();

        Assert.False(stage.Node.Resumed);
        Assert.True(resumedBob.IsOk, resumedBob.Error?.ToString());
        Assert.False(resumedAlice.Value!.TransportLost);
        Assert.Equal(before.Sid, resumedBob.Value!.Room.Sid);
        Assert.True(resumedBob.Value.Room.Version > before.Version);
        Assert.Equal(transports, stage.Node.Transports.Keys);
        Assert.Equal([track], bob.Receiving.Values);
        Assert.Equal(track, stage.Snapshot.Participants.Single(p => p.Identity == "alice").Tracks.Single().Sid);

        string second = stage.Run(() => alice.PublishAsync());
        stage.Settle();
        Assert.Equal([track, second], bob.Receiving.Values);
    }

    [Fact]
    public void After_kill_of_the_server_who_does_not_resume_leaves_after_the_window()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        stage.KillServer(alice, bob);
        stage.Run(stage.Node.ConnectAsync);
        stage.Run(alice.ResumeAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(["alice"], stage.Snapshot.Participants.Select(p => p.Identity));
        Assert.Single(stage.Node.Transports);
    }

    [Fact]
    public void After_kill_of_the_server_a_room_is_listed_as_soon_as_its_node_is_back()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        RoomSnapshot before = stage.Snapshot;
        stage.KillServer(alice, bob);
        Assert.Empty(stage.Run(stage.Index.List));
        stage.Run(stage.Node.ConnectAsync);

        RoomSummary listed = Assert.Single(stage.Run(stage.Index.List));
        Assert.Equal((before.Sid, "room", before.CreatedAt, 2), (listed.Sid, listed.Name, listed.CreatedAt, listed.ParticipantCount));
        Assert.True(listed.Version > before.Version);
    }

    [Fact]
    public void Contexts_that_are_not_ours_are_closed_on_the_node()
    {
        using var stage = new Stage(startNode: false);
        stage.Node.Transports["x"] = new ScriptedTransport("x", "project/room", Google.Protobuf.ByteString.CopyFromUtf8("{}"));
        stage.Node.Transports["y"] = new ScriptedTransport("y", "nonsense", Google.Protobuf.ByteString.Empty);
        stage.Run(stage.Node.ConnectAsync);
        stage.Settle();

        Assert.Empty(stage.Node.Transports);
    }

    [Fact]
    public void A_hello_without_an_instance_is_refused()
    {
        using var stage = new Stage(startNode: false);
        IMediaNodeGrain grain = stage.Silo.Grains.GetGrain<IMediaNodeGrain>("n");
        NodeAcceptance garbage = stage.Run(() => grain.Attach([1, 2, 3], "l", null!));
        Assert.NotNull(garbage.Refused);
        Assert.False(stage.Run(() => grain.Receive("l", [])));
        Assert.Equal(SignalErrorCode.MediaNodeLost, stage.Run(() => grain.Ask([])).Error!.Code);
    }
}

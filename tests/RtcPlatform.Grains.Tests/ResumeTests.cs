using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;

namespace RtcPlatform.Grains.Tests;

public sealed class ResumeTests
{
    [Fact]
    public void A_resume_continues_the_same_participant_with_what_it_missed()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        stage.Run(bob.LoseEdgeAsync);
        stage.Run(() => alice.PublishAsync());
        stage.Silo.Advance(TimeSpan.FromSeconds(50));
        Outcome<ResumeResult> resumed = stage.Run(bob.ResumeAsync);
        stage.Settle();

        Assert.True(resumed.IsOk);
        Assert.False(resumed.Value!.TransportLost);
        Assert.True(resumed.Value.NegotiationNeeded);
        Assert.Equal(bob.Sid, resumed.Value.Participant.Sid);
        Assert.Single(bob.Receiving);
        Assert.Equal(2, stage.Snapshot.Participants.Length);
    }

    [Fact]
    public void After_60_s_without_a_resume_the_participant_leaves()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        ScriptedClient bob = stage.Joined("bob");
        stage.Run(bob.LoseEdgeAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, alice.Picture!.Participants.Length);
        stage.Silo.Advance(TimeSpan.FromSeconds(2));

        Assert.Single(alice.Picture.Participants);
        Assert.Contains(alice.Heard.OfType<RoomChangedEvent>(), e =>
            e.Delta.Left.Any(left => left.Reason == DisconnectReason.ConnectionTimeout));
        Assert.Single(stage.Node.Transports);
        Assert.Equal(SignalErrorCode.ResumeRefused, stage.Run(bob.ResumeAsync).Error!.Code);
    }

    [Fact]
    public void A_wrong_token_resumes_nothing_and_disturbs_nobody()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string current = alice.ConnectionId;
        alice.ResumeTokenOverride = "wrong";
        Outcome<ResumeResult> refused = stage.Run(alice.ResumeAsync);
        Outcome<RoomSnapshot> still = stage.Run(() => alice.Grain.Snapshot(current));

        Assert.Equal(SignalErrorCode.ResumeRefused, refused.Error!.Code);
        Assert.True(still.IsOk);
    }

    [Fact]
    public void A_resume_takes_over_from_a_connection_that_still_seems_alive()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        string former = alice.ConnectionId;
        Assert.True(stage.Run(alice.ResumeAsync).IsOk);
        stage.Run(() => alice.Grain.EdgeLost(former));
        stage.Silo.Advance(TimeSpan.FromSeconds(90));

        Assert.Single(stage.Snapshot.Participants);
        Assert.Equal(SignalErrorCode.NotJoined, stage.Run(() => alice.Grain.Snapshot(former)).Error!.Code);
    }

    [Fact]
    public void An_edge_that_cannot_be_reached_counts_as_lost()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        alice.LoseServer();
        stage.Joined("bob");
        stage.Silo.Advance(TimeSpan.FromSeconds(65));

        Assert.Equal(["bob"], stage.Snapshot.Participants.Select(p => p.Identity));
    }

    [Fact]
    public void A_removed_participant_is_told_why()
    {
        using var stage = new Stage();
        ScriptedClient alice = stage.Joined("alice");
        stage.Joined("bob");
        stage.Run(() => stage.Room.Remove(alice.Sid, DisconnectReason.ParticipantRemoved));

        Assert.Equal(DisconnectReason.ParticipantRemoved, alice.Disconnected);
        Assert.Single(stage.Snapshot.Participants);
        Assert.Single(stage.Node.Transports);
    }
}

using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Tests;

/// <summary>Participants by WHIP and WHEP: no edge, a life as long as their transport.</summary>
public sealed class HttpSessionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly GrantRecord s_all = new(true, true, true, []);

    [Fact]
    public void An_ingress_appears_with_its_tracks_in_one_step_and_is_received()
    {
        using var stage = new Stage();
        ScriptedClient bob = stage.Joined("bob");
        ulong before = stage.Snapshot.Version;
        HttpSession session = Publish(stage);
        stage.Settle();

        ParticipantRecord ingress = stage.Snapshot.Participants.Single(participant => participant.Sid == session.ParticipantSid);
        Assert.Equal(ParticipantKind.Ingress, ingress.Kind);
        Assert.Equal(["audio", "video"], ingress.Tracks.Select(track => track.Kind));
        Assert.Equal(before + 1, stage.Snapshot.Version);
        Assert.Equal(ingress.Tracks.Select(track => track.Sid).Order(), bob.Receiving.Values.Order());
    }

    [Fact]
    public void No_resume_window_ends_a_session()
    {
        using var stage = new Stage();
        HttpSession session = Publish(stage);
        stage.Silo.Advance(TimeSpan.FromMinutes(10));

        Assert.True(stage.Run(() => Grain(stage, "alice").Exists(session.Secret)));
        Assert.Single(stage.Snapshot.Participants);
    }

    [Fact]
    public void A_session_outlives_the_server_with_its_url_and_its_entity_tag()
    {
        using var stage = new Stage();
        HttpSession session = Publish(stage);
        HttpSession viewer = Watch(stage);
        IcePatched restarted = stage.Run(() => Grain(stage, "alice").PatchIce(
            new IcePatch(session.Secret, "*", "abcd", "0123456789012345678901"))).Value!;
        stage.Settle();
        stage.KillServer();
        stage.Run(stage.Node.ConnectAsync);
        stage.Silo.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(2, stage.Snapshot.Participants.Length);
        Assert.Equal(2, stage.Node.Transports.Count);
        Assert.True(stage.Run(() => Grain(stage, "alice").PatchIce(
            new IcePatch(session.Secret, restarted.ETag, "abcd", "0123456789012345678901"))).IsOk);
        Assert.Equal(SignalErrorCode.StaleOffer, stage.Run(() => Grain(stage, "alice").PatchIce(
            new IcePatch(session.Secret, session.ETag, "abcd", "0123456789012345678901"))).Error!.Code);
        Assert.True(stage.Run(() => Grain(stage, "alice").Close(session.Secret)));
        Assert.True(stage.Run(() => Grain(stage, "victor").Close(viewer.Secret)));
        Assert.Empty(stage.Snapshot.Participants);
        Assert.Empty(stage.Node.Transports);
    }

    [Theory]
    [InlineData(TransportState.Failed, "the client's consent to receive has expired", DisconnectReason.MediaFailed)]
    [InlineData(TransportState.Closed, "closed by the client", DisconnectReason.ClientLeft)]
    [InlineData(TransportState.Closed, "the client did not connect within 30 s", DisconnectReason.MediaFailed)]
    public void The_end_of_its_transport_is_the_end_of_a_session(TransportState state, string reason, DisconnectReason expected)
    {
        using var stage = new Stage();
        ScriptedClient bob = stage.Joined("bob");
        HttpSession session = Publish(stage);
        string transport = stage.Node.Transports.Values.Single(open => open.Produces.Count > 0).Id;
        stage.Run(() => stage.Node.NotifyAsync(transport, state, reason));
        stage.Settle();

        DepartedParticipant left = bob.Heard.OfType<RoomChangedEvent>().SelectMany(changed => changed.Delta.Left).Single();
        Assert.Equal((session.ParticipantSid, expected), (left.Sid, left.Reason));
        Assert.False(stage.Run(() => Grain(stage, "alice").Exists(session.Secret)));
    }

    [Fact]
    public void The_loss_of_the_node_ends_it()
    {
        using var stage = new Stage();
        Publish(stage);
        stage.Run(stage.Node.KillAsync);
        stage.Silo.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(stage.Snapshot.Participants);
    }

    [Fact]
    public void Whoever_joins_under_its_identity_takes_its_place()
    {
        using var stage = new Stage();
        HttpSession first = Publish(stage);
        HttpSession second = Publish(stage);
        Assert.False(stage.Run(() => Grain(stage, "alice").Exists(first.Secret)));
        ScriptedClient alice = stage.Joined("alice");

        Assert.False(stage.Run(() => Grain(stage, "alice").Exists(second.Secret)));
        Assert.Equal([alice.Sid], stage.Snapshot.Participants.Select(participant => participant.Sid));
        Assert.Single(stage.Node.Transports);
    }

    [Fact]
    public void Signaling_cannot_resume_a_session()
    {
        using var stage = new Stage();
        HttpSession session = Publish(stage);
        ScriptedClient thief = stage.Client("alice");
        thief.ResumeTokenOverride = session.Secret;

        Assert.Equal(SignalErrorCode.ResumeRefused, stage.Run(thief.ResumeAsync).Error!.Code);
    }

    [Fact]
    public void Nobody_watches_who_is_not_there()
    {
        using var stage = new Stage();
        stage.Joined("alice");
        Outcome<HttpSession> outcome = stage.Run(() => Grain(stage, "victor").Open(Viewing("victor")));

        Assert.Equal(SignalErrorCode.TrackNotFound, outcome.Error!.Code);
        Assert.Single(stage.Node.Transports);
    }

    [Fact]
    public void A_viewer_follows_its_publisher_over_a_reload_and_sees_nobody_else()
    {
        using var stage = new Stage();
        HttpSession published = Publish(stage);
        HttpSession viewer = Watch(stage);
        stage.Settle();
        ScriptedTransport transport = stage.Node.Transports.Values.Single(open => open.Carries.Count > 0);
        Assert.Equal(Tracks(stage, "alice"), transport.Carries);

        ScriptedClient bob = stage.Joined("bob");
        stage.Run(() => bob.PublishAsync());
        Assert.Equal(Tracks(stage, "alice"), transport.Carries);

        stage.Run(() => Grain(stage, "alice").Close(published.Secret));
        Assert.Equal([string.Empty, string.Empty], transport.Carries);
        Publish(stage);
        stage.Settle();
        Assert.Equal(Tracks(stage, "alice"), transport.Carries);
        Assert.Equal(1, stage.Run(() => stage.Room.CountViewers("alice")));
        Assert.True(stage.Run(() => Grain(stage, "victor").Exists(viewer.Secret)));
    }

    [Fact]
    public void A_counter_offer_that_is_answered_in_time_is_a_session_like_others()
    {
        using var stage = new Stage();
        HttpSession published = Publish(stage);
        HttpSession viewer = WatchCountered(stage);
        IcePatch trickle = new(viewer.Secret, "*", "EsAw", "0123456789012345678901");
        Assert.Equal(SignalErrorCode.InvalidRequest, stage.Run(() => Grain(stage, "victor").PatchIce(trickle)).Error!.Code);

        Outcome<string> answered = stage.Run(() => Grain(stage, "victor").Answer(new SessionAnswer(viewer.Secret, "v=0\r\nan answer", "EsAw")));
        Assert.Equal(viewer.ETag, answered.Value);
        stage.Silo.Advance(TimeSpan.FromMinutes(1));
        Assert.True(stage.Run(() => Grain(stage, "victor").PatchIce(trickle with { IfMatch = answered.Value! })).IsOk);
        Assert.Equal(SignalErrorCode.AlreadyJoined, Again(stage, viewer).Code);

        ScriptedTransport transport = stage.Node.Transports.Values.Single(open => open.Carries.Count > 0);
        Assert.Equal(Tracks(stage, "alice"), transport.Carries);
        stage.Run(() => Grain(stage, "alice").Close(published.Secret));
        stage.Settle();
        Assert.Equal([string.Empty, string.Empty], transport.Carries);
    }

    [Fact]
    public void A_counter_offer_that_nobody_answers_ends_the_session()
    {
        using var stage = new Stage();
        Publish(stage);
        HttpSession viewer = WatchCountered(stage);
        stage.Silo.Advance(s_patience - TimeSpan.FromSeconds(1));
        Assert.True(stage.Run(() => Grain(stage, "victor").Exists(viewer.Secret)));
        stage.Silo.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(SignalErrorCode.NotJoined, Again(stage, viewer).Code);
        Assert.Single(stage.Node.Transports);
        Assert.Single(stage.Snapshot.Participants);
    }

    [Fact]
    public void The_publisher_may_reload_before_the_answer_and_the_server_may_die()
    {
        using var stage = new Stage();
        HttpSession published = Publish(stage);
        HttpSession viewer = WatchCountered(stage);
        stage.Run(() => Grain(stage, "alice").Close(published.Secret));
        Publish(stage);
        stage.Settle();
        stage.KillServer();
        stage.Run(stage.Node.ConnectAsync);

        Assert.True(stage.Run(() => Grain(stage, "victor").Answer(new SessionAnswer(viewer.Secret, "v=0\r\nan answer", "EsAw"))).IsOk);
        Assert.Equal(Tracks(stage, "alice"), stage.Node.Transports.Values.Single(open => open.Carries.Count > 0).Carries);
    }

    [Fact]
    public void A_refused_answer_leaves_the_counter_offer_open()
    {
        using var stage = new Stage();
        Publish(stage);
        HttpSession viewer = WatchCountered(stage);
        Outcome<string> refused = stage.Run(() => Grain(stage, "victor").Answer(new SessionAnswer(viewer.Secret, "no SDP", "EsAw")));

        Assert.Equal(SignalErrorCode.InvalidSdp, refused.Error!.Code);
        Assert.True(stage.Run(() => Grain(stage, "victor").Answer(new SessionAnswer(viewer.Secret, "v=0\r\nan answer", "EsAw"))).IsOk);
    }

    [Fact]
    public void An_ingress_cannot_answer()
    {
        using var stage = new Stage();
        HttpSession published = Publish(stage);
        Outcome<string> outcome = stage.Run(() => Grain(stage, "alice").Answer(new SessionAnswer(published.Secret, "v=0\r\n", "EsAw")));

        Assert.Equal(SignalErrorCode.NotJoined, outcome.Error!.Code);
    }

    [Fact]
    public void A_track_without_a_codec_that_is_known_lets_nobody_in()
    {
        using var stage = new Stage();
        stage.Node.Refuses = request => request.OpenTransport is null
            ? null
            : new Error { Code = "invalid_sdp", Message = "no codec" };
        Outcome<HttpSession> outcome = stage.Run(() => Grain(stage, "alice").Open(Publishing()));

        Assert.Equal(SignalErrorCode.InvalidSdp, outcome.Error!.Code);
        Assert.Equal(string.Empty, stage.Snapshot.Sid);
        Assert.Empty(stage.Node.Transports);
    }

    private static IHttpSessionGrain Grain(Stage stage, string identity) =>
        stage.Silo.Grains.GetGrain<IHttpSessionGrain>(GrainKeys.Participant("project", "room", identity));

    private static HttpSession Publish(Stage stage) => Opened(stage.Run(() => Grain(stage, "alice").Open(Publishing())));

    private static HttpSession Watch(Stage stage) => Opened(stage.Run(() => Grain(stage, "victor").Open(Viewing("victor"))));

    private static HttpSession WatchCountered(Stage stage)
    {
        stage.Node.Counters = true;
        HttpSession viewer = Watch(stage);
        Assert.True(viewer.IsCounterOffer);
        Assert.Equal(ScriptedNode.OwnOffer, viewer.Sdp);
        return viewer;
    }

    private static SignalError Again(Stage stage, HttpSession viewer) =>
        stage.Run(() => Grain(stage, "victor").Answer(new SessionAnswer(viewer.Secret, "v=0\r\nan answer", "EsAw"))).Error!;

    private static HttpSession Opened(Outcome<HttpSession> outcome)
    {
        Assert.True(outcome.IsOk, outcome.Error?.ToString());
        return outcome.Value!;
    }

    private static OpenHttpSession Publishing() => new(
        "room", "alice", "", "", s_all, ParticipantKind.Ingress, "", Offers.Sdp(0, 0, ("0", "audio"), ("1", "video")), "EsAw",
        [new TrackOffer("0", "audio", "microphone"), new TrackOffer("1", "video", "camera")], s_patience);

    private static OpenHttpSession Viewing(string identity) => new(
        "room", identity, "", "", s_all, ParticipantKind.Viewer, "alice", Offers.Sdp(1, 1), "EsAw", [], s_patience);

    private static string[] Tracks(Stage stage, string identity) =>
        [.. stage.Snapshot.Participants.Single(participant => participant.Identity == identity).Tracks.Select(track => track.Sid)];
}

using RtcPlatform.EmbeddedOrleans.Simulation;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Tests.Scripted;

/// <summary>A client with its edge: joins, offers, keeps a picture of the room and does what it is asked to do, as the SDK does.</summary>
internal sealed class ScriptedClient(SimulatedSilo silo, string identity, string room = "room")
{
    private static int s_clients;
    private static readonly GrantRecord AllGrants = new(true, true, true, []);
    private readonly List<Edge> _edges = [];
    private Edge? _edge;
    private string _resumeToken = string.Empty;
    private readonly int _client = Interlocked.Increment(ref s_clients);
    private int _connections;
    private bool _negotiating;
    private (int Audio, int Video)? _asked;

    public string Identity => identity;

    public IParticipantGrain Grain => silo.Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant("project", room, identity));

    public string ConnectionId => $"{_client}-{_connections}";

    public GrantRecord Grants { get; set; } = AllGrants;

    public bool AutoSubscribe { get; set; } = true;

    /// <summary>Offers again when asked, and makes a new transport when it is lost.</summary>
    public bool Obeys { get; set; } = true;

    public int AudioSections { get; set; }

    public int VideoSections { get; set; }

    public ulong OfferId { get; set; }

    public string Sid { get; private set; } = string.Empty;

    public bool IsJoined { get; private set; }

    public bool TransportLost { get; private set; }

    public DisconnectReason? Disconnected { get; private set; }

    public RoomSnapshot? Picture { get; private set; }

    public Dictionary<string, string> Publishing { get; } = [];

    public Dictionary<string, string> Receiving { get; private set; } = [];

    public List<ParticipantEvent> Heard { get; } = [];

    public SignalError? LastError { get; private set; }

    public int Gaps { get; private set; }

    public string ResumeTokenOverride { get; set; } = string.Empty;

    public async Task<Outcome<JoinResult>> JoinAsync(bool withOffer = true, string? sdp = null)
    {
        Edge edge = NewEdge();
        OfferRecord? offer = withOffer ? new OfferRecord(1, sdp ?? Sdp(), []) : null;
        var command = new JoinCommand(ConnectionId, "project", room, identity, identity, string.Empty, Grants, AutoSubscribe, offer);
        Outcome<JoinResult> outcome = await Grain.Join(command, edge.Reference);
        if (outcome.Value is { } joined)
        {
            IsJoined = true;
            TransportLost = false;
            Disconnected = null;
            Sid = joined.Participant.Sid;
            Picture = joined.Room;
            _resumeToken = joined.ResumeToken;
            OfferId = withOffer ? 1UL : 0;
            Publishing.Clear();
            edge.Open();
            await TakeAnswerAsync(joined.Answer);
        }

        return outcome;
    }

    public async Task<Outcome<ResumeResult>> ResumeAsync()
    {
        Edge edge = NewEdge();
        string token = ResumeTokenOverride.Length > 0 ? ResumeTokenOverride : _resumeToken;
        Outcome<ResumeResult> outcome =
            await Grain.Resume(new ResumeCommand(ConnectionId, Sid, token, Picture?.Version ?? 0), edge.Reference);
        if (outcome.Value is { } resumed)
        {
            Picture = resumed.Room;
            TransportLost = resumed.TransportLost;
            edge.Open();
            if (Obeys && (resumed.NegotiationNeeded || TransportLost))
            {
                await NegotiateAsync(0, 0);
            }
        }

        return outcome;
    }

    public async Task<Outcome<AnswerResult>> OfferAsync(bool newTransport = false, ulong? id = null, string? sdp = null)
    {
        // As the SDK does: a number is used up by the attempt.
        ulong number = id ?? ++OfferId;
        Outcome<AnswerResult> outcome =
            await Grain.Offer(new OfferCommand(ConnectionId, new OfferRecord(number, sdp ?? Sdp(), new(Publishing)), newTransport));
        LastError = outcome.Error;
        if (outcome.IsOk)
        {
            OfferId = Math.Max(OfferId, number);
            TransportLost &= !newTransport;
            await TakeAnswerAsync(outcome.Value);
        }

        return outcome;
    }

    /// <summary>Announces and offers a track; its sid.</summary>
    public async Task<string> PublishAsync(string kind = "video", string source = "camera", bool offer = true)
    {
        Outcome<TrackRecord> track = await Grain.Publish(new PublishCommand(ConnectionId, kind, source, "t", false, 640, 480));
        if (track.Value is not { } published)
        {
            return string.Empty;
        }

        Publishing[$"s{Publishing.Count}"] = published.Sid;
        if (offer)
        {
            await NegotiateAsync(0, 0);
        }

        return published.Sid;
    }

    public async Task LeaveAsync()
    {
        IsJoined = false;
        await Grain.Leave(ConnectionId);
    }

    public Task LoseEdgeAsync()
    {
        _edge?.Close();
        return Grain.EdgeLost(ConnectionId);
    }

    /// <summary>The server process died with the edge in it.</summary>
    public void LoseServer() => _edge?.Close();

    /// <summary>Until the last offer was answered and nothing was asked meanwhile; failures are retried by the test.</summary>
    public async Task NegotiateAsync(int addAudio, int addVideo)
    {
        AudioSections += addAudio;
        VideoSections += addVideo;
        if (_negotiating)
        {
            _asked = (0, 0);
            return;
        }

        _negotiating = true;
        try
        {
            do
            {
                _asked = null;
                await OfferAsync(TransportLost);
            }
            while (_asked is not null);
        }
        finally
        {
            _negotiating = false;
        }
    }

    private string Sdp() => Offers.Sdp(
        AudioSections, VideoSections, [.. Publishing.Keys.Select(mid => (mid, "video"))]);

    private async Task TakeAnswerAsync(AnswerResult? answer)
    {
        if (answer is null)
        {
            return;
        }

        Receiving = answer.MidToTrack;
        if (Obeys && (answer.MissingAudioSections > 0 || answer.MissingVideoSections > 0))
        {
            await NegotiateAsync(answer.MissingAudioSections, answer.MissingVideoSections);
        }
    }

    private async Task HearAsync(Edge edge, ParticipantEvent message)
    {
        if (!ReferenceEquals(edge, _edge))
        {
            return;
        }

        Heard.Add(message);
        switch (message)
        {
            case RoomChangedEvent changed:
                await TakeAsync(changed.Delta);
                break;
            case NegotiationNeededEvent needed when Obeys:
                await NegotiateAsync(needed.AddAudioSections, needed.AddVideoSections);
                break;
            case TransportLostEvent:
                TransportLost = true;
                if (Obeys)
                {
                    await NegotiateAsync(0, 0);
                }

                break;
            case DisconnectedEvent disconnected:
                IsJoined = false;
                Disconnected = disconnected.Reason;
                break;
        }
    }

    private async Task TakeAsync(RoomDelta delta)
    {
        if (delta.Version <= Picture!.Version)
        {
            return;
        }

        if (delta.Version != Picture.Version + 1)
        {
            Gaps++;
            Outcome<RoomSnapshot> snapshot = await Grain.Snapshot(ConnectionId);
            Picture = snapshot.Value is { } whole && whole.Version > Picture.Version ? whole : Picture;
            return;
        }

        Picture = Picture with
        {
            Version = delta.Version,
            Participants =
            [
                .. Picture.Participants
                    .Where(participant => !delta.Left.Any(left => left.Sid == participant.Sid))
                    .Select(participant => delta.Updated.FirstOrDefault(updated => updated.Sid == participant.Sid) ?? participant),
                .. delta.Joined,
            ],
        };
    }

    private Edge NewEdge()
    {
        _connections++;
        _edge = new Edge(this, silo);
        _edges.Add(_edge);
        return _edge;
    }

    /// <summary>Observers are held weakly, so the client keeps them; events before the join's result wait, as at the hub.</summary>
    private sealed class Edge(ScriptedClient client, SimulatedSilo silo) : IParticipantObserver
    {
        private readonly Queue<ParticipantEvent> _early = new();
        private IParticipantObserver? _reference;
        private bool _open;
        private bool _closed;

        public IParticipantObserver Reference => _reference ??= silo.Grains.CreateObjectReference<IParticipantObserver>(this);

        public Task Deliver(ParticipantEvent message)
        {
            if (_closed)
            {
                throw new InvalidOperationException("the connection is closed");
            }

            if (_open)
            {
                _ = client.HearAsync(this, message);
            }
            else
            {
                _early.Enqueue(message);
            }

            return Task.CompletedTask;
        }

        public void Open()
        {
            _open = true;
            while (_early.TryDequeue(out ParticipantEvent? message))
            {
                _ = client.HearAsync(this, message);
            }
        }

        public void Close() => _closed = true;
    }
}

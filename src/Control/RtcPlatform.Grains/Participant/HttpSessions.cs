using System.Security.Cryptography;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>What WHIP and WHEP ask of a participant. A session's secret is its resume token under another name.</summary>
internal sealed class HttpSessions
{
    private const ulong FirstOffer = 1;
    private const string NoData = "{}";
    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LayersPeriod = TimeSpan.FromSeconds(1);

    private readonly Stay _stay;
    private readonly EventStreams _events = new();
    private readonly ViewerLayers _layers = new();
    private readonly IGrainBase _grain;
    private IGrainTimer? _counting;
    private IGrainTimer? _answering;
    private IGrainTimer? _watchingLayers;
    private int _count = -1;

    public HttpSessions(Stay stay, IGrainBase grain)
    {
        _stay = stay;
        _grain = grain;
        _stay.Ended += OnEnded;
    }

    public async Task<Outcome<HttpSession>> Open(OpenHttpSession command)
    {
        var entry = new Entry(command.RoomName, command.Identity, command.Name, command.Metadata, command.Grants)
        {
            AutoSubscribe = command.Kind == ParticipantKind.Viewer,
            Kind = command.Kind,
            Watches = command.Watches,
            Tracks = [.. command.Tracks.Select(NewTrack)],
            IceUfrag = command.IceUfrag,
        };
        entry = entry with
        {
            Offer = new OfferRecord(
                FirstOffer,
                command.OfferSdp,
                command.Tracks.Zip(entry.Tracks).ToDictionary(pair => pair.First.Mid, pair => pair.Second.Sid)),
        };
        if (ParticipantErrors.CheckEntry(entry) is { } invalid)
        {
            return invalid;
        }

        Outcome<Joined> outcome = await _stay.Enter(entry);
        if (outcome.Value is not { } joined)
        {
            return outcome.Error!;
        }

        AnswerResult answer = joined.Answer!;
        if (answer.IsCounterOffer)
        {
            AwaitAnswer(joined.Session, command.AnswerWithin);
        }

        return new HttpSession(joined.Session.Sid.Value, joined.ResumeToken, joined.Session.ETag, answer.Sdp, answer.IsCounterOffer);
    }

    public async Task<Outcome<string>> Answer(SessionAnswer answer)
    {
        if (Find(answer.Secret) is not { Self.Watches: not null, Picture: not null } session)
        {
            return ParticipantErrors.NoSuchSession;
        }

        if (await session.Transport!.Answered(session.State.LastOffer, answer.Sdp, Viewing.Sections(session)) is { } refused)
        {
            return refused;
        }

        StopAwaiting();
        session.AwaitsAnswer = false;
        session.IceUfrag = answer.IceUfrag;
        session.Remember();
        return session.ETag;
    }

    public async Task<Outcome<IcePatched>> PatchIce(IcePatch patch)
    {
        if (Find(patch.Secret) is not { } session)
        {
            return ParticipantErrors.NoSuchSession;
        }

        if (session.AwaitsAnswer)
        {
            return ParticipantErrors.NotAnswered;
        }

        bool restarts = patch.Ufrag.Length > 0 && !string.Equals(patch.Ufrag, session.IceUfrag, StringComparison.Ordinal);
        if (patch.IfMatch != "*" && !string.Equals(patch.IfMatch, session.ETag, StringComparison.Ordinal))
        {
            return ParticipantErrors.StaleIceSession;
        }

        return restarts ? await Restart(session, patch) : new IcePatched(string.Empty, string.Empty);
    }

    public async Task<bool> Close(string secret)
    {
        if (Find(secret) is not { } session)
        {
            return false;
        }

        await _stay.End(session, DisconnectReason.ClientLeft);
        return true;
    }

    public bool Exists(string secret) => Find(secret) is not null;

    /// <summary>After a change of the room: the viewer gets what there is now, and hears when a publication begins or ends.</summary>
    public void Follow(Session session)
    {
        bool wasLive = session.Watching?.IsLive == true;
        if (Viewing.Follow(session) is { } watched && watched.IsLive != wasLive)
        {
            _events.Tell(watched.IsLive ? SessionEventTypes.Active : SessionEventTypes.Inactive, NoData);
        }
    }

    public Outcome<string> CreateEventStream(string secret, string[] types)
    {
        if (Find(secret) is not { Self.Watches: not null } session)
        {
            return ParticipantErrors.NoSuchSession;
        }

        if (_events.Count >= EventStreams.Most)
        {
            return ParticipantErrors.TooManyEventStreams;
        }

        string id = _events.Add(RandomNumberGenerator.GetBytes(Base62.EntropyBytes), types);
        if (session.Watching?.IsLive == true)
        {
            _events.Tell(id, SessionEventTypes.Active, NoData);
        }

        if (_events.Wants(SessionEventTypes.ViewerCount))
        {
            _count = -1;
            _counting ??= _grain.RegisterGrainTimer(
                static (sessions, _) => sessions.TellCount(),
                this,
                new GrainTimerCreationOptions { DueTime = TimeSpan.FromMilliseconds(1), Period = CountPeriod });
        }

        if (_events.Wants(SessionEventTypes.Layers))
        {
            _layers.Forget();
            _watchingLayers ??= _grain.RegisterGrainTimer(
                static (sessions, _) => sessions.TellLayers(),
                this,
                new GrainTimerCreationOptions { DueTime = TimeSpan.FromMilliseconds(1), Period = LayersPeriod });
        }

        return id;
    }

    public async Task<Outcome<Accepted>> SelectLayer(LayerSelection selection)
    {
        if (Find(selection.Secret) is not { Self.Watches: not null } session)
        {
            return ParticipantErrors.NoSuchSession;
        }

        return await session.Transport!.SelectLayer(selection.Line, selection.Rid) is { } refused ? refused : Accepted.Instance;
    }

    public bool ReadEvents(string secret, string streamId, ISessionEventObserver reader) =>
        Find(secret) is not null && _events.Read(streamId, reader);

    public bool DeleteEventStream(string secret, string streamId) => Find(secret) is not null && _events.Remove(streamId);

    /// <summary>Without an answer in time there is no session.</summary>
    private void AwaitAnswer(Session session, TimeSpan patience)
    {
        session.AwaitsAnswer = true;
        _answering = _grain.RegisterGrainTimer(
            static (state, _) => state.Sessions.Unanswered(state.Session),
            (Sessions: this, Session: session),
            new GrainTimerCreationOptions { DueTime = patience, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
    }

    private Task Unanswered(Session session) => ReferenceEquals(_stay.Session, session) && session.AwaitsAnswer
        ? _stay.End(session, DisconnectReason.ConnectionTimeout)
        : Task.CompletedTask;

    private void StopAwaiting()
    {
        _answering?.Dispose();
        _answering = null;
    }

    private async Task TellCount()
    {
        if (_stay.Session is not { Self.Watches: { } watched } || !_events.Wants(SessionEventTypes.ViewerCount))
        {
            StopCounting();
            return;
        }

        int count = await _stay.Room.CountViewers(watched.Value);
        if (count != _count)
        {
            _count = count;
            _events.Tell(SessionEventTypes.ViewerCount, $"{{\"viewercount\":{count}}}");
        }
    }

    private async Task TellLayers()
    {
        if (_stay.Session is not { Self.Watches: not null, Transport: { } transport } || !_events.Wants(SessionEventTypes.Layers))
        {
            StopWatchingLayers();
            return;
        }

        if (await _layers.Changed(transport) is { } layers)
        {
            _events.Tell(SessionEventTypes.Layers, layers);
        }
    }

    private void StopCounting()
    {
        _counting?.Dispose();
        _counting = null;
    }

    private void StopWatchingLayers()
    {
        _watchingLayers?.Dispose();
        _watchingLayers = null;
    }

    /// <summary>A viewer that lost its media without wanting to may come again at once.</summary>
    private void OnEnded(bool mayReconnect)
    {
        StopCounting();
        StopWatchingLayers();
        StopAwaiting();
        if (mayReconnect)
        {
            _events.Tell(SessionEventTypes.Reconnect, NoData);
        }

        _events.End();
    }

    private static TrackRecord NewTrack(TrackOffer offer) => new(
        TrackSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes)).Value,
        offer.Kind,
        offer.Source,
        string.Empty,
        Muted: false,
        Width: 0,
        Height: 0,
        string.Empty);

    /// <summary>The former ICE session goes on until the client nominates a pair of the new one; when the node refuses, it stays.</summary>
    private static async Task<Outcome<IcePatched>> Restart(Session session, IcePatch patch)
    {
        ulong offer = session.State.LastOffer + 1;
        Outcome<string> fragment = await session.Transport!.RestartIce(offer, patch.Ufrag, patch.Password);
        if (fragment.Error is { } error)
        {
            return error;
        }

        session.State = session.State with { LastOffer = offer };
        session.IceUfrag = patch.Ufrag;
        session.Remember();
        return new IcePatched(session.ETag, fragment.Value!);
    }

    private Session? Find(string secret) =>
        _stay.Session is { IsHttp: true, Transport: not null } session && session.IsProvenBy(secret) ? session : null;
}

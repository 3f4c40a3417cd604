using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// One participant: its edge, its transport, its negotiation. One call at a time, so that offers are answered in order and
/// a join is all or nothing. Lives in memory; the media node remembers it for <see cref="Restore"/>.
/// </summary>
public sealed class ParticipantGrain : Grain, IParticipantGrain, IHttpSessionGrain
{
    private readonly ILogger<ParticipantGrain> _log;
    private readonly Stay _stay;
    private readonly HttpSessions _http;

    public ParticipantGrain(TimeProvider time, ILogger<ParticipantGrain> log)
    {
        _log = log;
        _stay = new Stay(this, () => GrainFactory, time, log);
        _http = new HttpSessions(_stay, this);
    }

    private IRoomGrain Room => _stay.Room;

    public async Task<Outcome<JoinResult>> Join(JoinCommand command, IParticipantObserver edge)
    {
        if (ParticipantErrors.CheckJoin(command) is { } invalid)
        {
            return invalid;
        }

        Outcome<Joined> outcome = await _stay.Enter(Entry.Of(command));
        if (outcome.Error is { } refused)
        {
            return refused;
        }

        (Session session, RoomSnapshot room, string token, AnswerResult? answer) = outcome.Value!;
        session.Edge = Connect(command.ConnectionId, edge);
        _stay.Requests.AskLater();
        return new JoinResult(room, Records.ToRecord(session.Self), token, answer);
    }

    public async Task<Outcome<ResumeResult>> Resume(ResumeCommand command, IParticipantObserver edge)
    {
        if (_stay.Session is not { } session)
        {
            return ParticipantErrors.NothingToResume(await GrainFactory.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Snapshot());
        }

        if (session.IsHttp || !session.IsProven(command))
        {
            return ParticipantErrors.ResumeRefused;
        }

        RoomSnapshot snapshot = await Room.Snapshot();
        if (!session.IsIn(snapshot))
        {
            await _stay.End(session, DisconnectReason.Unknown);
            return ParticipantErrors.ResumeRefused;
        }

        _stay.Resumed(session);
        return session.Resume(Connect(command.ConnectionId, edge), snapshot);
    }

    public async Task<Outcome<AnswerResult>> Offer(OfferCommand command)
    {
        if (Current(command.ConnectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        await FillPicture(session);
        Outcome<AnswerResult> outcome = await _stay.Media.Answer(session, command);
        if (outcome.IsOk)
        {
            _stay.Requests.AskLater();
        }

        return outcome;
    }

    public async Task<Outcome<TrackRecord>> Publish(PublishCommand command) =>
        Current(command.ConnectionId) is { } session
            ? await new OwnTracks(session, Room).Publish(command)
            : ParticipantErrors.NotJoined;

    public async Task<Outcome<Accepted>> Unpublish(string connectionId, string trackSid) =>
        Current(connectionId) is { } session
            ? await new OwnTracks(session, Room).Unpublish(trackSid)
            : ParticipantErrors.NotJoined;

    public async Task<Outcome<Accepted>> SetMuted(string connectionId, string trackSid, bool muted) =>
        Current(connectionId) is { } session
            ? await new OwnTracks(session, Room).SetMuted(trackSid, muted)
            : ParticipantErrors.NotJoined;

    public async Task<Outcome<Accepted>> UpdateSubscriptions(string connectionId, string[] trackSids, bool subscribe)
    {
        if (Current(connectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        if (subscribe && !session.State.Grants.CanSubscribe)
        {
            return ParticipantErrors.MayNotSubscribe;
        }

        await FillPicture(session);
        Outcome<Accepted> changed = Subscriptions.Change(session, trackSids, subscribe);
        if (changed.IsOk)
        {
            _stay.Requests.AskNow();
        }

        return changed;
    }

    public async Task<Outcome<RoomSnapshot>> Snapshot(string connectionId)
    {
        if (Current(connectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        RoomSnapshot snapshot = await Room.Snapshot();
        session.Enter(snapshot);
        _stay.Requests.AskNow();
        return snapshot;
    }

    public async Task Leave(string connectionId)
    {
        if (Current(connectionId) is { } session)
        {
            session.Edge?.Drop();
            await _stay.End(session, DisconnectReason.ClientLeft);
        }
    }

    public Task EdgeLost(string connectionId)
    {
        if (Current(connectionId) is { } session)
        {
            _stay.Detach(session);
        }

        return Task.CompletedTask;
    }

    public async Task OnRoomChanged(RoomDelta delta)
    {
        if (_stay.Session is not { } session || delta.Version <= session.Version)
        {
            return;
        }

        session.Edge?.Tell(new RoomChangedEvent(delta));
        if (!session.Apply(delta) && session.Edge is not null)
        {
            await FillPicture(session);
        }

        _http.Follow(session);
        _stay.Requests.AskNow();
    }

    public async Task OnRemoved(string participantSid, DisconnectReason reason)
    {
        if (_stay.Session is { } session && string.Equals(session.Sid.Value, participantSid, StringComparison.Ordinal))
        {
            session.Edge?.Disconnect(reason);
            await _stay.End(session, reason);
        }
    }

    public Task OnTransportChanged(string transportId, TransportStatus status, string reason) =>
        _stay.TransportChanged(transportId, status, reason);

    public async Task<bool> Restore(string nodeId, AdoptedParticipant adopted)
    {
        if (string.Equals(_stay.Session?.Transport?.Id, adopted.TransportId, StringComparison.Ordinal))
        {
            return true;
        }

        if (ParticipantContext.TryRead(adopted.Context) is not { } context)
        {
            return false;
        }

        MediaTransport transport = _stay.Media.Existing(nodeId, adopted.TransportId, context.Participant.Sid);
        Session restored = Session.Restored(context, transport, adopted.OfferId);
        if (_stay.Session is { } present)
        {
            if (!present.IsOutdatedBy(restored))
            {
                return false;
            }

            present.Transport?.Close("another media node has a newer one");
            await new OwnTracks(present, Room).Become(restored.Self.Tracks);
        }

        _stay.GoOn(restored);
        if (restored.IsHttp)
        {
            await FillPicture(restored);
            _http.Follow(restored);
        }

        ParticipantLog.Restored(_log, restored.Sid.Value, adopted.TransportId, nodeId);
        return true;
    }

    public Task<Outcome<HttpSession>> Open(OpenHttpSession command) => _http.Open(command);

    public Task<Outcome<string>> Answer(SessionAnswer answer) => _http.Answer(answer);

    public Task<Outcome<IcePatched>> PatchIce(IcePatch patch) => _http.PatchIce(patch);

    public Task<bool> Close(string secret) => _http.Close(secret);

    public Task<Outcome<Accepted>> SelectLayer(LayerSelection selection) => _http.SelectLayer(selection);

    public Task<Outcome<string>> CreateEventStream(string secret, string[] types) =>
        Task.FromResult(_http.CreateEventStream(secret, types));

    public Task<bool> ReadEvents(string secret, string streamId, ISessionEventObserver reader) =>
        Task.FromResult(_http.ReadEvents(secret, streamId, reader));

    public Task<bool> DeleteEventStream(string secret, string streamId) =>
        Task.FromResult(_http.DeleteEventStream(secret, streamId));

    public Task<bool> Exists(string secret) => Task.FromResult(_http.Exists(secret));

    private async Task FillPicture(Session session)
    {
        if (session.Picture is null)
        {
            session.Enter(await Room.Snapshot());
        }
    }

    private Session? Current(string connectionId) => _stay.Session is { } session && session.IsCurrent(connectionId) ? session : null;

    private EdgeConnection Connect(string connectionId, IParticipantObserver edge) => new(connectionId, edge, OnEdgeUnreachable);

    private void OnEdgeUnreachable(EdgeConnection edge, Exception? exception)
    {
        if (_stay.Session is { } session && ReferenceEquals(session.Edge, edge))
        {
            ParticipantLog.EdgeUnreachable(_log, session.Sid.Value, exception);
            _stay.Detach(session);
        }
    }
}

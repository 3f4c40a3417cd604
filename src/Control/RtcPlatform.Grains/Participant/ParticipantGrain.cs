using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// One participant: its edge, its transport, its negotiation. One call at a time, so that offers are answered in order and
/// a join is all or nothing. Lives in memory; the media node remembers it for <see cref="Restore"/>.
/// </summary>
public sealed class ParticipantGrain : Grain, IParticipantGrain
{
    private readonly TimeProvider _time;
    private readonly ILogger<ParticipantGrain> _log;
    private readonly StayTimers _stay;
    private readonly OfferRequests _requests;
    private Session? _session;

    public ParticipantGrain(TimeProvider time, ILogger<ParticipantGrain> log)
    {
        _time = time;
        _log = log;
        _stay = new StayTimers(this, OnResumeWindowEnds);
        _requests = new OfferRequests(this, () => _session);
    }

    private string RoomKey => GrainKeys.RoomOf(this.GetPrimaryKeyString());

    private IRoomGrain Room => GrainFactory.GetGrain<IRoomGrain>(RoomKey);

    private MediaPath Media => new(GrainFactory, Room, RoomKey, _log);

    public async Task<Outcome<JoinResult>> Join(JoinCommand command, IParticipantObserver edge)
    {
        if (ParticipantErrors.CheckJoin(command) is { } invalid)
        {
            return invalid;
        }

        ParticipantSid sid = ParticipantSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes));
        try
        {
            return await Join(sid, command, edge);
        }
        catch (Exception exception)
        {
            ParticipantLog.JoinFailed(_log, sid.Value, exception);
            await Room.Remove(sid.Value, DisconnectReason.Unknown);
            return ParticipantErrors.Internal;
        }
    }

    public async Task<Outcome<ResumeResult>> Resume(ResumeCommand command, IParticipantObserver edge)
    {
        if (_session is not { } session)
        {
            return ParticipantErrors.NothingToResume(await GrainFactory.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Snapshot());
        }

        if (!session.IsProven(command))
        {
            return ParticipantErrors.ResumeRefused;
        }

        RoomSnapshot snapshot = await Room.Snapshot();
        if (!session.IsIn(snapshot))
        {
            await End(session, DisconnectReason.Unknown);
            return ParticipantErrors.ResumeRefused;
        }

        _stay.CloseWindow();
        ParticipantLog.Resumed(_log, session.Sid.Value);
        return session.Resume(Connect(command.ConnectionId, edge), snapshot);
    }

    public async Task<Outcome<AnswerResult>> Offer(OfferCommand command)
    {
        if (Current(command.ConnectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        await FillPicture(session);
        Outcome<AnswerResult> outcome = await Media.Answer(session, command);
        if (outcome.IsOk)
        {
            _requests.AskLater();
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
            _requests.AskNow();
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
        _requests.AskNow();
        return snapshot;
    }

    public async Task Leave(string connectionId)
    {
        if (Current(connectionId) is { } session)
        {
            session.Edge?.Drop();
            await End(session, DisconnectReason.ClientLeft);
        }
    }

    public Task EdgeLost(string connectionId)
    {
        if (Current(connectionId) is { } session)
        {
            Detach(session);
        }

        return Task.CompletedTask;
    }

    public async Task OnRoomChanged(RoomDelta delta)
    {
        if (_session is not { } session || delta.Version <= session.Version)
        {
            return;
        }

        session.Edge?.Tell(new RoomChangedEvent(delta));
        if (!session.Apply(delta) && session.Edge is not null)
        {
            await FillPicture(session);
        }

        _requests.AskNow();
    }

    public async Task OnRemoved(string participantSid, DisconnectReason reason)
    {
        if (_session is { } session && string.Equals(session.Sid.Value, participantSid, StringComparison.Ordinal))
        {
            session.Edge?.Disconnect(reason);
            await End(session, reason);
        }
    }

    public Task OnTransportChanged(string transportId, TransportStatus status, string reason)
    {
        if (_session is { } session)
        {
            Media.Changed(session, transportId, status, reason);
        }

        return Task.CompletedTask;
    }

    public async Task<bool> Restore(string nodeId, AdoptedParticipant adopted)
    {
        if (string.Equals(_session?.Transport?.Id, adopted.TransportId, StringComparison.Ordinal))
        {
            return true;
        }

        if (ParticipantContext.TryRead(adopted.Context) is not { } context)
        {
            return false;
        }

        MediaTransport transport = Media.Existing(nodeId, adopted.TransportId, context.Participant.Sid);
        Session restored = Session.Restored(context, transport, adopted.OfferId);
        if (_session is { } present)
        {
            if (!present.IsOutdatedBy(restored))
            {
                return false;
            }

            present.Transport?.Close("another media node has a newer one");
            await new OwnTracks(present, Room).Become(restored.Self.Tracks);
        }

        _session = restored;
        _stay.Begin();
        Detach(_session);
        ParticipantLog.Restored(_log, _session.Sid.Value, adopted.TransportId, nodeId);
        return true;
    }

    private async Task<Outcome<JoinResult>> Join(ParticipantSid sid, JoinCommand command, IParticipantObserver edge)
    {
        Outcome<Joined> outcome = await new Joining(sid, command, Media, Room, RoomKey).Run(_time.GetUtcNow());
        if (outcome.Error is { } refused)
        {
            ParticipantLog.JoinRefused(_log, sid.Value, refused.Code);
            return refused;
        }

        _session?.Edge?.Disconnect(DisconnectReason.DuplicateIdentity);
        _session?.Transport?.Close("another connection took the participant's place");
        (Session session, RoomSnapshot room, string token, AnswerResult? answer) = outcome.Value!;
        session.Edge = Connect(command.ConnectionId, edge);
        _session = session;
        _stay.Begin();
        _requests.AskLater();
        ParticipantLog.Connected(_log, sid.Value, session.Transport!.Id, session.Transport.NodeId);
        return new JoinResult(room, Records.ToRecord(session.Self), token, answer);
    }

    private async Task FillPicture(Session session)
    {
        if (session.Picture is null)
        {
            session.Enter(await Room.Snapshot());
        }
    }

    private void Detach(Session session)
    {
        ParticipantLog.Detached(_log, session.Sid.Value);
        session.Detach(_time.GetUtcNow());
        _stay.OpenWindow();
    }

    private async Task OnResumeWindowEnds()
    {
        if (_session is { } session && session.State.IsResumeOver(_time.GetUtcNow()))
        {
            await End(session, DisconnectReason.ConnectionTimeout);
        }
    }

    private async Task End(Session session, DisconnectReason reason)
    {
        _session = null;
        _stay.End();
        _requests.Stop();
        session.Transport?.Close(reason.ToString());
        ParticipantLog.Ended(_log, session.Sid.Value, reason);
        await Room.Remove(session.Sid.Value, reason);
    }

    private Session? Current(string connectionId) => _session?.IsCurrent(connectionId) == true ? _session : null;

    private EdgeConnection Connect(string connectionId, IParticipantObserver edge) => new(connectionId, edge, OnEdgeUnreachable);

    private void OnEdgeUnreachable(EdgeConnection edge, Exception? exception)
    {
        if (_session is { } session && ReferenceEquals(session.Edge, edge))
        {
            ParticipantLog.EdgeUnreachable(_log, session.Sid.Value, exception);
            Detach(session);
        }
    }
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// One participant: its edge, its transport, its negotiation. One call at a time, so that offers are answered in order and
/// a join is all or nothing. Lives in memory; the media node remembers it for <see cref="Restore"/>.
/// </summary>
public sealed class ParticipantGrain(TimeProvider time, ILogger<ParticipantGrain> log) : Grain, IParticipantGrain
{
    /// <summary>
    /// After an answer the client is asked again only so late: it has read there what is missing and usually offers by itself.
    /// </summary>
    public static readonly TimeSpan AskAfterAnswer = TimeSpan.FromMilliseconds(200);

    private Session? _session;
    private IGrainTimer? _keepAlive;
    private IGrainTimer? _resumeEnds;
    private IGrainTimer? _askLater;

    private string RoomKey => GrainKeys.RoomOf(this.GetPrimaryKeyString());

    private IRoomGrain Room => GrainFactory.GetGrain<IRoomGrain>(RoomKey);

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
            ParticipantLog.JoinFailed(log, sid.Value, exception);
            await Room.Remove(sid.Value, DisconnectReason.Unknown);
            return ParticipantErrors.Internal;
        }
    }

    public async Task<Outcome<ResumeResult>> Resume(ResumeCommand command, IParticipantObserver edge)
    {
        if (_session is not { } session)
        {
            NodeStatus[] nodes = await GrainFactory.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Snapshot();

            // Just restarted: the media node that remembers the participant has not come back yet.
            return nodes.Length == 0 ? RoomErrors.NoMediaNode : ParticipantErrors.ResumeRefused;
        }

        bool proven = ResumeToken.Matches(command.ResumeToken, session.ResumeTokenHash);
        if (!proven || !string.Equals(command.ParticipantSid, session.Sid.Value, StringComparison.Ordinal))
        {
            return ParticipantErrors.ResumeRefused;
        }

        RoomSnapshot snapshot = await Room.Snapshot();
        if (!snapshot.Participants.Any(participant => string.Equals(participant.Sid, command.ParticipantSid, StringComparison.Ordinal)))
        {
            await End(session, DisconnectReason.Unknown);
            return ParticipantErrors.ResumeRefused;
        }

        session.Edge?.Drop();
        session.Edge = Connect(command.ConnectionId, edge);
        session.State = session.State.Attached();
        _resumeEnds?.Dispose();
        session.Enter(snapshot);
        ParticipantLog.Resumed(log, session.Sid.Value);
        bool negotiate = session.Transport is not null && session.State.NextRequest(session.State.Wanted(session.Picture!)) is not null;
        session.State = negotiate ? session.State.Asked() : session.State;
        return new ResumeResult(snapshot, Records.ToRecord(session.Self), session.Transport is null, negotiate);
    }

    public async Task<Outcome<AnswerResult>> Offer(OfferCommand command)
    {
        if (Current(command.ConnectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        await FillPicture(session);
        Outcome<AnswerResult> outcome = command.NewTransport
            ? await AnswerOverNewTransport(session, command.Offer)
            : await Negotiation.Answer(session, command.Offer, Room);
        if (outcome.Error is { Code: SignalErrorCode.MediaNodeLost } lost && session.Transport is { } transport)
        {
            LoseTransport(session, transport, lost.Message);
        }

        if (outcome.IsOk)
        {
            session.Transport!.Remember(session.Context.Write());
            AskLater();
        }

        return outcome;
    }

    public async Task<Outcome<TrackRecord>> Publish(PublishCommand command)
    {
        if (Current(command.ConnectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        if (ParticipantErrors.CheckPublish(command) is { } invalid)
        {
            return invalid;
        }

        TrackSid sid = TrackSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes));
        var track = new TrackRecord(
            sid.Value, command.Kind, command.Source, command.Name, command.Muted, command.Width, command.Height, string.Empty);
        Outcome<TrackRecord> added = await Room.AddTrack(session.Sid.Value, track);
        if (added.IsOk)
        {
            Change(session, session.Self.With(Records.ToDomain(track)!));
        }

        return added;
    }

    public async Task<Outcome<Accepted>> Unpublish(string connectionId, string trackSid)
    {
        if (Current(connectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        if (Own(session, trackSid) is not { } track)
        {
            return ParticipantErrors.TrackNotFound;
        }

        await Room.RemoveTrack(session.Sid.Value, trackSid);
        session.Transport?.SetPaused(track.Sid, paused: true);
        Change(session, session.Self.Without(track.Sid));
        return Accepted.Instance;
    }

    public async Task<Outcome<Accepted>> SetMuted(string connectionId, string trackSid, bool muted)
    {
        if (Current(connectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        if (Own(session, trackSid) is not { } track)
        {
            return ParticipantErrors.TrackNotFound;
        }

        session.Transport?.SetPaused(track.Sid, muted);
        await Room.SetMuted(session.Sid.Value, trackSid, muted);
        Change(session, session.Self.With(track with { Muted = muted }));
        return Accepted.Instance;
    }

    public async Task<Outcome<Accepted>> UpdateSubscriptions(string connectionId, string[] trackSids, bool subscribe)
    {
        if (Current(connectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        if (subscribe && !session.State.Grants.CanSubscribe)
        {
            return new SignalError(SignalErrorCode.PermissionDenied, "The token does not allow to subscribe.");
        }

        await FillPicture(session);
        ImmutableArray<TrackSid> known =
        [
            .. trackSids
                .Select(text => TrackSid.TryParse(text, out TrackSid sid) ? session.Picture!.Track(sid) : null)
                .OfType<RoomTrack>()
                .Select(track => track.Sid),
        ];
        if (known.Length != trackSids.Length)
        {
            return ParticipantErrors.TrackNotFound;
        }

        session.State = session.State with { Choice = session.State.Choice.With(known, subscribe) };
        session.Transport?.Remember(session.Context.Write());
        AskNow();
        return Accepted.Instance;
    }

    public async Task<Outcome<RoomSnapshot>> Snapshot(string connectionId)
    {
        if (Current(connectionId) is not { } session)
        {
            return ParticipantErrors.NotJoined;
        }

        RoomSnapshot snapshot = await Room.Snapshot();
        session.Enter(snapshot);
        AskNow();
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

        AskNow();
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
        if (_session is not { Transport: { } transport } session
            || !string.Equals(transport.Id, transportId, StringComparison.Ordinal))
        {
            return Task.CompletedTask;
        }

        if (status is TransportStatus.Failed or TransportStatus.Closed)
        {
            LoseTransport(session, transport, reason);
        }
        else
        {
            session.Edge?.Tell(new TransportChangedEvent(status));
        }

        return Task.CompletedTask;
    }

    public Task<bool> Restore(string nodeId, AdoptedParticipant adopted)
    {
        if (_session is { } present)
        {
            return Task.FromResult(string.Equals(present.Transport?.Id, adopted.TransportId, StringComparison.Ordinal));
        }

        if (ParticipantContext.TryRead(adopted.Context) is not { } context)
        {
            return Task.FromResult(false);
        }

        var session = new Session(context) { Transport = Transport(nodeId, adopted.TransportId, context.Participant.Sid) };
        session.State = session.State with
        {
            LastOffer = Math.Max(context.LastOffer, adopted.OfferId),

            // What changed while the control plane was away is not known: one more offer settles it.
            Negotiated = null,
        };
        Begin(session);
        Detach(session);
        ParticipantLog.Restored(log, session.Sid.Value, adopted.TransportId, nodeId);
        return Task.FromResult(true);
    }

    private async Task<Outcome<JoinResult>> Join(ParticipantSid sid, JoinCommand command, IParticipantObserver edge)
    {
        Outcome<Admission> admission = await Room.Reserve(
            new ReserveCommand(sid.Value, command.Identity, command.Name, command.Metadata, command.Grants));
        if (admission.Error is { } refused)
        {
            ParticipantLog.JoinRefused(log, sid.Value, refused.Code);
            return refused;
        }

        (string token, byte[] tokenHash) = ResumeToken.Create();
        Session joining = Admitted(sid, command, admission.Value!, tokenHash);
        var opening = new Joining(joining, Transport(admission.Value!.NodeId, MediaTransport.NewId(), sid), Room, RoomKey);
        Outcome<Joined> joined = await opening.Run(command.Offer);
        if (joined.Error is { } failure)
        {
            ParticipantLog.JoinRefused(log, sid.Value, failure.Code);
            return failure;
        }

        _session?.Edge?.Disconnect(DisconnectReason.DuplicateIdentity);
        _session?.Transport?.Close("another connection took the participant's place");
        joining.Edge = Connect(command.ConnectionId, edge);
        Begin(joining);
        AskLater();
        ParticipantLog.Connected(log, sid.Value, joining.Transport!.Id, joining.Transport.NodeId);
        return new JoinResult(joined.Value!.Room, Records.ToRecord(joining.Self), token, joined.Value.Answer);
    }

    private Session Admitted(ParticipantSid sid, JoinCommand command, Admission admission, byte[] tokenHash)
    {
        _ = ParticipantIdentity.TryParse(command.Identity, out ParticipantIdentity identity);
        _ = RoomName.TryParse(admission.Room.Name, out RoomName roomName);
        _ = RoomSid.TryParse(admission.Room.Sid, out RoomSid roomSid);
        RoomPicture picture = Records.ToDomain(admission.Room);
        var self = new RoomParticipant(
            sid, identity, command.Name, command.Metadata, time.GetUtcNow(), Records.ToDomain(command.Grants), []);
        return new Session(new ParticipantContext(
            roomName, roomSid, admission.Room.CreatedAt, picture.Version, self, SubscriptionChoice.Default(command.AutoSubscribe), tokenHash, 0))
        {
            // Who is there under the same identity leaves at the moment this one enters.
            Picture = picture with { Participants = picture.Participants.RemoveAll(other => other.Identity == identity) },
        };
    }

    private async Task<Outcome<AnswerResult>> AnswerOverNewTransport(Session session, OfferRecord offer)
    {
        session.Transport?.Close("the client made a new peer connection");
        session.Transport = null;
        session.State = session.State.WithoutTransport();
        Outcome<string> node = await Room.PlaceOnNode();
        if (node.Error is not null)
        {
            return node.Error;
        }

        MediaTransport transport = Transport(node.Value!, MediaTransport.NewId(), session.Sid);
        SignalError? notOpened = await transport.Open(RoomKey, session.Context.Write());
        session.Transport = notOpened is null ? transport : null;
        Outcome<AnswerResult> outcome = notOpened is null ? await Negotiation.Answer(session, offer, Room) : notOpened;
        if (outcome.Error is not null)
        {
            session.Transport = null;
            transport.Close("the offer could not be answered");
            return outcome;
        }

        ParticipantLog.Connected(log, session.Sid.Value, transport.Id, transport.NodeId);
        return outcome;
    }

    private async Task FillPicture(Session session)
    {
        if (session.Picture is null)
        {
            session.Enter(await Room.Snapshot());
        }
    }

    private void Change(Session session, RoomParticipant self)
    {
        session.Self = self;
        session.Transport?.Remember(session.Context.Write());
    }

    private void LoseTransport(Session session, MediaTransport transport, string reason)
    {
        ParticipantLog.TransportLost(log, session.Sid.Value, transport.Id, reason);
        transport.Close(reason);
        session.Transport = null;
        session.State = session.State.WithoutTransport();
        session.Edge?.Tell(new TransportLostEvent(reason));
    }

    private void Begin(Session session)
    {
        _session = session;
        _resumeEnds?.Dispose();
        _keepAlive ??= this.RegisterGrainTimer(
            static (_, _) => Task.CompletedTask,
            this,
            new GrainTimerCreationOptions { DueTime = TimeSpan.FromMinutes(1), Period = TimeSpan.FromMinutes(1), KeepAlive = true });
    }

    private void Detach(Session session)
    {
        ParticipantLog.Detached(log, session.Sid.Value);
        session.Edge?.Drop();
        session.Edge = null;
        session.State = session.State.Detached(time.GetUtcNow());
        _resumeEnds?.Dispose();
        _resumeEnds = this.RegisterGrainTimer(
            static (grain, _) => grain.OnResumeWindowEnds(),
            this,
            new GrainTimerCreationOptions { DueTime = ParticipantState.ResumeWindow, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
    }

    private async Task OnResumeWindowEnds()
    {
        if (_session is { } session && session.State.IsResumeOver(time.GetUtcNow()))
        {
            await End(session, DisconnectReason.ConnectionTimeout);
        }
    }

    private async Task End(Session session, DisconnectReason reason)
    {
        _session = null;
        _keepAlive?.Dispose();
        _keepAlive = null;
        _resumeEnds?.Dispose();
        _askLater?.Dispose();
        session.Transport?.Close(reason.ToString());
        ParticipantLog.Ended(log, session.Sid.Value, reason);
        await Room.Remove(session.Sid.Value, reason);
    }

    private void AskLater()
    {
        _askLater?.Dispose();
        _askLater = this.RegisterGrainTimer(
            static (grain, _) =>
            {
                grain.AskNow();
                return Task.CompletedTask;
            },
            this,
            new GrainTimerCreationOptions { DueTime = AskAfterAnswer, Period = Timeout.InfiniteTimeSpan });
    }

    private void AskNow()
    {
        if (_session is { Edge: { } edge, Transport: not null, Picture: { } picture } session
            && session.State.NextRequest(session.State.Wanted(picture)) is { } request)
        {
            session.State = session.State.Asked();
            edge.Tell(new NegotiationNeededEvent(request.Audio, request.Video));
        }
    }

    private Session? Current(string connectionId) => _session?.IsCurrent(connectionId) == true ? _session : null;

    private static RoomTrack? Own(Session session, string trackSid) =>
        TrackSid.TryParse(trackSid, out TrackSid sid) ? session.Self.Track(sid) : null;

    private EdgeConnection Connect(string connectionId, IParticipantObserver edge) => new(connectionId, edge, OnEdgeUnreachable);

    private void OnEdgeUnreachable(EdgeConnection edge, Exception? exception)
    {
        if (_session is { } session && ReferenceEquals(session.Edge, edge))
        {
            ParticipantLog.EdgeUnreachable(log, session.Sid.Value, exception);
            Detach(session);
        }
    }

    private MediaTransport Transport(string nodeId, string transportId, ParticipantSid sid) => new(
        GrainFactory.GetGrain<IMediaNodeGrain>(nodeId),
        nodeId,
        transportId,
        (id, reason) => ParticipantLog.RequestRefused(log, id, reason),
        exception => ParticipantLog.RequestFailed(log, sid.Value, exception));
}

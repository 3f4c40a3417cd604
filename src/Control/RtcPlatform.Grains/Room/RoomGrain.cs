using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Placement;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Participant;
using ParticipantKind = RtcPlatform.Grains.Contracts.ParticipantKind;

namespace RtcPlatform.Grains.Room;

/// <summary>
/// Holds a <see cref="RoomState"/>, feeds it commands, and tells the participants what became visible. Decides nothing.
/// Lives in memory only: what must outlast it is remembered by the media node, see <see cref="Adopt"/>.
/// </summary>
public sealed class RoomGrain(TimeProvider time, IOptions<RoomOptions> options, ILogger<RoomGrain> log) : Grain, IRoomGrain
{
    private RoomState? _state;
    private IGrainTimer? _deadline;

    private string Key => this.GetPrimaryKeyString();

    private RoomNews News => new(GrainFactory, Key);

    public async Task<Outcome<Admission>> Reserve(ReserveCommand command)
    {
        if (!ParticipantSid.TryParse(command.ParticipantSid, out ParticipantSid sid)
            || !ParticipantIdentity.TryParse(command.Identity, out ParticipantIdentity identity))
        {
            return new SignalError(SignalErrorCode.InvalidRequest, "The identity is not valid.");
        }

        if (_state is null && command.Kind == ParticipantKind.Viewer)
        {
            return RoomErrors.Of(RoomRefusal.NotLive);
        }

        Open();
        Outcome<string> node = await PlaceOnNode();
        if (node.Error is not null)
        {
            ForgetUnused();
            return node.Error;
        }

        DateTimeOffset now = time.GetUtcNow();
        var participant = new RoomParticipant(
            sid, identity, command.Name, command.Metadata, now, Records.ToDomain(command.Grants), [])
        {
            Kind = (Domain.Rooms.ParticipantKind)command.Kind,
            Watches = ParticipantIdentity.TryParse(command.Watches, out ParticipantIdentity watched) ? watched : null,
        };
        RoomDecision decision = await Run(new RoomCommand.Reserve(participant));
        return decision.Refusal is { } refusal
            ? RoomErrors.Of(refusal)
            : new Admission(Records.ToRecord(_state!, participant), node.Value!);
    }

    public async Task<Outcome<RoomSnapshot>> Activate(string participantSid, TrackRecord[] tracks)
    {
        if (_state is null || !ParticipantSid.TryParse(participantSid, out ParticipantSid sid))
        {
            return RoomErrors.Of(RoomRefusal.UnknownParticipant);
        }

        RoomDecision decision = await Run(new RoomCommand.Activate(sid, [.. tracks.Select(Records.ToDomain).OfType<RoomTrack>()]));
        return decision.Refusal is { } refusal ? RoomErrors.Of(refusal) : Records.ToRecord(_state, _state.Find(sid)!);
    }

    public async Task<Outcome<TrackRecord>> AddTrack(string participantSid, TrackRecord track)
    {
        if (_state is null || !ParticipantSid.TryParse(participantSid, out ParticipantSid sid) || Records.ToDomain(track) is not { } added)
        {
            return RoomErrors.Of(RoomRefusal.UnknownParticipant);
        }

        RoomDecision decision = await Run(new RoomCommand.AddTrack(sid, added));
        return decision.Refusal is { } refusal ? RoomErrors.Of(refusal) : track;
    }

    public Task<bool> RemoveTrack(string participantSid, string trackSid) =>
        ChangeTrack(participantSid, trackSid, (participant, track) => new RoomCommand.RemoveTrack(participant, track));

    public Task<bool> SetMuted(string participantSid, string trackSid, bool muted) =>
        ChangeTrack(participantSid, trackSid, (participant, track) => new RoomCommand.SetMuted(participant, track, muted));

    public Task SetTrackCodec(string participantSid, string trackSid, string mimeType) =>
        ChangeTrack(participantSid, trackSid, (participant, track) => new RoomCommand.SetCodec(participant, track, mimeType));

    public async Task Remove(string participantSid, DisconnectReason reason)
    {
        if (_state is null || !ParticipantSid.TryParse(participantSid, out ParticipantSid sid))
        {
            return;
        }

        RoomParticipant? participant = _state.Find(sid);
        await Run(new RoomCommand.Remove(sid, (LeaveReason)reason));
        if (participant is not null)
        {
            await News.TellRemoved(participant, reason);
        }

        ForgetUnused();
    }

    public Task<RoomSnapshot> Snapshot() => Task.FromResult(
        _state is null
            ? new RoomSnapshot(string.Empty, GrainKeys.ParseRoom(Key).RoomName, 0, time.GetUtcNow(), [])
            : Records.ToRecord(_state));

    public Task<int> CountViewers(string identity) =>
        Task.FromResult(_state?.Participants.Count(viewer => viewer.Watches?.Value == identity) ?? 0);

    public async Task<Outcome<string>> PlaceOnNode()
    {
        if (_state is null)
        {
            return RoomErrors.Of(RoomRefusal.RoomClosed);
        }

        NodeStatus[] nodes = await GrainFactory.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Snapshot();
        NodeCandidate? chosen = RoomPlacement.Choose([.. nodes.Select(ToCandidate)], _state.Node?.NodeId);
        if (chosen is null)
        {
            return RoomErrors.NoMediaNode;
        }

        await Run(new RoomCommand.PlaceOn(new NodeRef(chosen.NodeId, chosen.InstanceId)));
        return chosen.NodeId;
    }

    public async Task OnNodeLost(string nodeId, string instanceId)
    {
        if (_state is not null)
        {
            await Run(new RoomCommand.LoseNode(new NodeRef(nodeId, instanceId)));
        }
    }

    public async Task<string[]> Adopt(string nodeId, string instanceId, AdoptedParticipant[] participants)
    {
        var accepted = new List<string>();
        foreach (AdoptedParticipant adopted in participants)
        {
            if (ParticipantContext.TryRead(adopted.Context) is not { } context || !Open(context))
            {
                continue;
            }

            RoomDecision decision = await Run(new RoomCommand.Adopt(context.Participant, context.RoomVersion));
            if (decision.IsAccepted)
            {
                accepted.Add(adopted.TransportId);
            }
        }

        if (accepted.Count > 0)
        {
            RoomLog.Adopted(log, _state!.Sid.Value, nodeId, accepted.Count);
            if (_state.Node is null)
            {
                await Run(new RoomCommand.PlaceOn(new NodeRef(nodeId, instanceId)));
            }
        }

        return [.. accepted];
    }

    /// <summary>A room in use stays where it is until the node is lost: who is there may go on as if nothing had happened.</summary>
    private NodeCandidate ToCandidate(NodeStatus node)
    {
        bool inUse = _state is { Participants.Length: > 0 } or { Reservations.Length: > 0 };
        bool here = _state!.Node == new NodeRef(node.NodeId, node.InstanceId);
        return new(node.NodeId, node.InstanceId, node.Alive || (inUse && here), node.Load, node.Transports);
    }

    private void Open()
    {
        if (_state is not null)
        {
            return;
        }

        if (!RoomName.TryParse(GrainKeys.ParseRoom(Key).RoomName, out RoomName name))
        {
            throw new InvalidOperationException("a room was reserved under a name that no edge may let through");
        }

        RoomSid sid = RoomSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes));
        _state = new RoomState(sid, name, time.GetUtcNow(), options.Value);
        RoomLog.Opened(log, sid.Value);
    }

    /// <summary>False when the record is of another room than this key names.</summary>
    private bool Open(ParticipantContext context)
    {
        if (!string.Equals(GrainKeys.ParseRoom(Key).RoomName, context.RoomName.Value, StringComparison.Ordinal))
        {
            return false;
        }

        _state ??= new RoomState(context.RoomSid, context.RoomName, context.RoomCreatedAt, options.Value);
        return true;
    }

    /// <summary>A room that nobody could enter leaves nothing behind.</summary>
    private void ForgetUnused()
    {
        if (_state is { Version: 0, Participants.Length: 0, Reservations.Length: 0 })
        {
            Forget();
        }
    }

    private void Forget()
    {
        _state = null;
        _deadline?.Dispose();
        _deadline = null;
        this.DeactivateOnIdle();
    }

    private async Task<bool> ChangeTrack(
        string participantSid,
        string trackSid,
        Func<ParticipantSid, TrackSid, RoomCommand> command)
    {
        if (_state is null
            || !ParticipantSid.TryParse(participantSid, out ParticipantSid participant)
            || !TrackSid.TryParse(trackSid, out TrackSid track))
        {
            return false;
        }

        RoomDecision decision = await Run(command(participant, track));
        return decision.IsAccepted;
    }

    /// <summary>Decide, apply, tell.</summary>
    private async Task<RoomDecision> Run(RoomCommand command)
    {
        RoomDecision decision = RoomState.Decide(_state!, command, time.GetUtcNow());
        foreach (RoomEvent happened in decision.Events)
        {
            _state = RoomState.Apply(_state!, happened);
            RoomLog.Happened(log, _state.Sid.Value, happened);
            if (RoomChange.Of(_state, happened) is { } change)
            {
                await News.Tell(_state, change);
            }
        }

        await News.Report(_state!);
        if (_state!.IsClosed)
        {
            Forget();
        }
        else
        {
            SetDeadline(_state.NextDeadline);
        }

        return decision;
    }

    /// <summary>One timer: to the next deadline, or once a minute so that the room stays in memory while somebody is in it.</summary>
    private void SetDeadline(DateTimeOffset? at)
    {
        TimeSpan wait = at is { } deadline ? deadline - time.GetUtcNow() : TimeSpan.FromMinutes(1);
        _deadline?.Dispose();
        _deadline = this.RegisterGrainTimer(
            static (room, _) => room.OnDeadline(),
            this,
            new GrainTimerCreationOptions
            {
                DueTime = wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1),
                Period = Timeout.InfiniteTimeSpan,
                KeepAlive = true,
            });
    }

    private async Task OnDeadline()
    {
        if (_state is not null)
        {
            await Run(new RoomCommand.Expire());
        }
    }
}

using System.Collections.Immutable;
using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Rooms;

/// <summary>What is asked of a room.</summary>
public abstract record RoomCommand
{
    private RoomCommand()
    {
    }

    /// <summary>Hold a place. An earlier reservation of the same identity is replaced.</summary>
    public sealed record Reserve(RoomParticipant Participant) : RoomCommand;

    /// <summary>The reserved participant is connected. Whoever is there under the same identity leaves as a duplicate.</summary>
    /// <param name="Tracks">What it publishes from the first moment on.</param>
    public sealed record Activate(ParticipantSid Participant, ImmutableArray<RoomTrack> Tracks) : RoomCommand;

    public sealed record AddTrack(ParticipantSid Participant, RoomTrack Track) : RoomCommand;

    public sealed record RemoveTrack(ParticipantSid Participant, TrackSid Track) : RoomCommand;

    public sealed record SetMuted(ParticipantSid Participant, TrackSid Track, bool Muted) : RoomCommand;

    public sealed record SetCodec(ParticipantSid Participant, TrackSid Track, string MimeType) : RoomCommand;

    /// <summary>Ends a stay or a reservation; nothing happens when there is neither.</summary>
    public sealed record Remove(ParticipantSid Participant, LeaveReason Reason) : RoomCommand;

    public sealed record PlaceOn(NodeRef Node) : RoomCommand;

    /// <summary>The node's process is gone; nothing happens when the room is on another.</summary>
    public sealed record LoseNode(NodeRef Node) : RoomCommand;

    /// <summary>Takes a participant back that outlived the control plane's memory, at or above the version it had seen.</summary>
    public sealed record Adopt(RoomParticipant Participant, ulong SeenVersion) : RoomCommand;

    /// <summary>Time passed: ends what is overdue.</summary>
    public sealed record Expire : RoomCommand;
}

/// <summary>Why a room says no.</summary>
public enum RoomRefusal
{
    RoomFull = 1,
    RoomClosed,
    UnknownParticipant,
    UnknownTrack,
    TooManyTracks,
    DuplicateTrack,
    SourceNotAllowed,

    /// <summary>Whom the viewer wants to watch is not there, or publishes nothing.</summary>
    NotLive,
}

using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Rooms;

/// <summary>What happened to a room. Visible events raise the version by one each.</summary>
public abstract record RoomEvent
{
    private RoomEvent()
    {
    }

    /// <summary>Participants are told of it.</summary>
    public virtual bool IsVisible => false;

    public sealed record PlaceReserved(Reservation Reservation) : RoomEvent;

    public sealed record ReservationEnded(ParticipantSid Participant) : RoomEvent;

    public sealed record Joined(RoomParticipant Participant) : RoomEvent
    {
        public override bool IsVisible => true;
    }

    public sealed record Left(ParticipantSid Participant, ParticipantIdentity Identity, LeaveReason Reason, DateTimeOffset At) : RoomEvent
    {
        public override bool IsVisible => true;
    }

    /// <summary>A track was added, muted, unmuted or got its codec.</summary>
    public sealed record TrackChanged(ParticipantSid Participant, RoomTrack Track) : RoomEvent
    {
        public override bool IsVisible => true;
    }

    public sealed record TrackRemoved(ParticipantSid Participant, TrackSid Track) : RoomEvent
    {
        public override bool IsVisible => true;
    }

    public sealed record Placed(NodeRef Node) : RoomEvent;

    public sealed record NodeLost(NodeRef Node) : RoomEvent;

    /// <summary>After an adoption: the version jumps above everything that clients may have seen.</summary>
    public sealed record VersionRaised(ulong Version) : RoomEvent;

    public sealed record Closed : RoomEvent;
}

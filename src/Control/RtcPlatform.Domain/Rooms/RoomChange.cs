using System.Collections.Immutable;
using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Rooms;

/// <summary>One visible step of a room: leads from the version before <paramref name="Version"/> to it.</summary>
public sealed record RoomChange(
    ulong Version,
    ImmutableArray<RoomParticipant> Joined,
    ImmutableArray<RoomParticipant> Updated,
    ImmutableArray<Departure> Left)
{
    /// <summary>Whether <paramref name="participant"/> is told of this step.</summary>
    public bool IsSeenBy(RoomParticipant participant) =>
        participant.Kind == ParticipantKind.Standard
        || Joined.Any(participant.Sees)
        || Updated.Any(participant.Sees)
        || Left.Any(left => participant.Sees(left.Identity));

    /// <summary>The step that <paramref name="happened"/> was, given the state after it; null when nobody sees it.</summary>
    public static RoomChange? Of(RoomState after, RoomEvent happened) => happened switch
    {
        RoomEvent.Joined joined => new RoomChange(after.Version, [joined.Participant], [], []),
        RoomEvent.Left left => new RoomChange(after.Version, [], [], [new Departure(left.Participant, left.Identity, left.Reason)]),
        RoomEvent.TrackChanged track => new RoomChange(after.Version, [], [after.Find(track.Participant)!], []),
        RoomEvent.TrackRemoved track => new RoomChange(after.Version, [], [after.Find(track.Participant)!], []),
        _ => null,
    };
}

public sealed record Departure(ParticipantSid Sid, ParticipantIdentity Identity, LeaveReason Reason);

/// <summary>A room as somebody outside of it knows it, kept up by changes.</summary>
public sealed record RoomPicture(ulong Version, ImmutableArray<RoomParticipant> Participants)
{
    /// <summary>The picture after the change; null when changes between are missing and the whole must be asked for.</summary>
    public RoomPicture? Apply(RoomChange change)
    {
        if (change.Version <= Version)
        {
            return this;
        }

        return change.Version == Version + 1 ? Merge(change) : null;
    }

    /// <summary>The picture after a change, whatever lies between: for those who are told of a part of the room only.</summary>
    public RoomPicture Merge(RoomChange change)
    {
        if (change.Version <= Version)
        {
            return this;
        }

        // Who sees a part only may have missed that an identity left before it came again.
        ImmutableArray<RoomParticipant> participants = Participants.RemoveAll(participant =>
            change.Left.Any(left => left.Sid == participant.Sid)
            || change.Joined.Any(joined => joined.Identity == participant.Identity));
        foreach (RoomParticipant updated in change.Updated)
        {
            int index = IndexOf(participants, updated.Sid);
            participants = index < 0 ? participants : participants.SetItem(index, updated);
        }

        return new RoomPicture(change.Version, participants.AddRange(change.Joined));
    }

    public RoomTrack? Track(TrackSid sid)
    {
        foreach (RoomParticipant participant in Participants)
        {
            if (participant.Track(sid) is { } track)
            {
                return track;
            }
        }

        return null;
    }

    public bool Equals(RoomPicture? other) =>
        other is not null && Version == other.Version && Participants.SequenceEqual(other.Participants);

    public override int GetHashCode() => HashCode.Combine(Version, Participants.Length);

    private static int IndexOf(ImmutableArray<RoomParticipant> participants, ParticipantSid sid)
    {
        for (int i = 0; i < participants.Length; i++)
        {
            if (participants[i].Sid == sid)
            {
                return i;
            }
        }

        return -1;
    }
}

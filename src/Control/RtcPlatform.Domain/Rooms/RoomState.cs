using System.Collections.Immutable;
using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Rooms;

/// <summary>
/// Everything a room is, as an immutable value. <see cref="Decide"/> says what a command leads to, <see cref="Apply"/> takes
/// that in; the version rises by one with every event that participants are told of.
/// </summary>
public sealed record RoomState(RoomSid Sid, RoomName Name, DateTimeOffset CreatedAt, RoomOptions Options)
{
    /// <summary>
    /// What the version jumps by when a room is adopted: more than a room can have changed since the youngest record of it
    /// was written, so that no client sees a version twice.
    /// </summary>
    public const ulong AdoptionStep = 1_000_000;

    public ulong Version { get; init; }

    /// <summary>In the order in which they joined.</summary>
    public ImmutableArray<RoomParticipant> Participants { get; init; } = [];

    public ImmutableArray<Reservation> Reservations { get; init; } = [];

    public NodeRef? Node { get; init; }

    /// <summary>When the last participant left; null while somebody is there or nobody ever was.</summary>
    public DateTimeOffset? DepartedAt { get; init; }

    public bool IsClosed { get; init; }

    /// <summary>The next moment at which <see cref="RoomCommand.Expire"/> does something; null when none is due.</summary>
    public DateTimeOffset? NextDeadline
    {
        get
        {
            DateTimeOffset? next = ClosesAt;
            foreach (Reservation reservation in Reservations)
            {
                next = next is null || reservation.ExpiresAt < next ? reservation.ExpiresAt : next;
            }

            return next;
        }
    }

    private DateTimeOffset? ClosesAt =>
        IsClosed || Participants.Length > 0 || Reservations.Length > 0 ? null
        : DepartedAt is { } departed ? departed + Options.DepartureTimeout
        : CreatedAt + Options.EmptyTimeout;

    public RoomPicture Picture => new(Version, Participants);

    public RoomParticipant? Find(ParticipantSid sid) => Participants.FirstOrDefault(participant => participant.Sid == sid);

    public RoomParticipant? Find(ParticipantIdentity identity) =>
        Participants.FirstOrDefault(participant => participant.Identity == identity);

    public static RoomDecision Decide(RoomState state, RoomCommand command, DateTimeOffset now)
    {
        if (state.IsClosed)
        {
            return command is RoomCommand.Remove or RoomCommand.Expire or RoomCommand.LoseNode
                ? RoomDecision.Nothing
                : RoomDecision.Refuse(RoomRefusal.RoomClosed);
        }

        return command switch
        {
            RoomCommand.Reserve reserve => DecideReserve(state, reserve, now),
            RoomCommand.Activate activate => DecideActivate(state, activate, now),
            RoomCommand.AddTrack add => RoomTracks.DecideAdd(state, add),
            RoomCommand.RemoveTrack remove => RoomTracks.DecideRemove(state, remove),
            RoomCommand.SetMuted mute => RoomTracks.DecideMute(state, mute),
            RoomCommand.SetCodec codec => RoomTracks.DecideCodec(state, codec),
            RoomCommand.Remove remove => DecideRemove(state, remove, now),
            RoomCommand.PlaceOn place => state.Node == place.Node
                ? RoomDecision.Nothing
                : RoomDecision.Of(new RoomEvent.Placed(place.Node)),
            RoomCommand.LoseNode lose => state.Node == lose.Node
                ? RoomDecision.Of(new RoomEvent.NodeLost(lose.Node))
                : RoomDecision.Nothing,
            RoomCommand.Adopt adopt => DecideAdopt(state, adopt),
            RoomCommand.Expire => DecideExpire(state, now),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "no such command"),
        };
    }

    public static RoomState Apply(RoomState state, RoomEvent happened)
    {
        RoomState next = happened switch
        {
            RoomEvent.PlaceReserved reserved => state with { Reservations = state.Reservations.Add(reserved.Reservation) },
            RoomEvent.ReservationEnded ended => state with { Reservations = state.WithoutReservation(ended.Participant) },
            RoomEvent.Joined joined => state with
            {
                Reservations = state.WithoutReservation(joined.Participant.Sid),
                Participants = state.Participants.Add(joined.Participant),
                DepartedAt = null,
            },
            RoomEvent.Left left => state with
            {
                Participants = state.Participants.RemoveAll(participant => participant.Sid == left.Participant),
                DepartedAt = state.Participants.Length == 1 ? left.At : null,
            },
            RoomEvent.TrackChanged track => state.Replace(track.Participant, participant => participant.With(track.Track)),
            RoomEvent.TrackRemoved track => state.Replace(track.Participant, participant => participant.Without(track.Track)),
            RoomEvent.Placed placed => state with { Node = placed.Node },
            RoomEvent.NodeLost => state with { Node = null },
            RoomEvent.VersionRaised raised => state with { Version = raised.Version },
            RoomEvent.Closed => state with { IsClosed = true, Node = null },
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "no such event"),
        };
        return happened.IsVisible ? next with { Version = next.Version + 1 } : next;
    }

    private static RoomDecision DecideReserve(RoomState state, RoomCommand.Reserve reserve, DateTimeOffset now)
    {
        ParticipantIdentity identity = reserve.Participant.Identity;
        if (reserve.Participant.Watches is { } watched && state.Find(watched) is not { Tracks.Length: > 0 })
        {
            return RoomDecision.Refuse(RoomRefusal.NotLive);
        }

        int others = state.Participants.Count(participant => participant.Identity != identity)
            + state.Reservations.Count(held => held.Participant.Identity != identity && held.ExpiresAt > now);
        if (state.Options.MaxParticipants > 0 && others >= state.Options.MaxParticipants)
        {
            return RoomDecision.Refuse(RoomRefusal.RoomFull);
        }

        ImmutableArray<RoomEvent> events =
        [
            .. state.Reservations
                .Where(held => held.Participant.Identity == identity || held.ExpiresAt <= now)
                .Select(held => new RoomEvent.ReservationEnded(held.Participant.Sid)),
            new RoomEvent.PlaceReserved(new Reservation(reserve.Participant, now + state.Options.ReservationTimeout)),
        ];
        return RoomDecision.Of(events);
    }

    private static RoomDecision DecideActivate(RoomState state, RoomCommand.Activate activate, DateTimeOffset now)
    {
        Reservation? held = state.Reservations.FirstOrDefault(r => r.Participant.Sid == activate.Participant && r.ExpiresAt > now);
        if (held is null)
        {
            return RoomDecision.Refuse(RoomRefusal.UnknownParticipant);
        }

        RoomParticipant joining = held.Participant with { JoinedAt = now };
        foreach (RoomTrack track in activate.Tracks)
        {
            if (RoomTracks.Objection(state, joining, track) is { } refusal)
            {
                return RoomDecision.Refuse(refusal);
            }

            joining = joining.With(track);
        }

        RoomParticipant? former = state.Find(joining.Identity);
        return former is null
            ? RoomDecision.Of(new RoomEvent.Joined(joining))
            : RoomDecision.Of(
                new RoomEvent.Left(former.Sid, former.Identity, LeaveReason.DuplicateIdentity, now),
                new RoomEvent.Joined(joining));
    }

    private static RoomDecision DecideRemove(RoomState state, RoomCommand.Remove remove, DateTimeOffset now)
    {
        if (state.Find(remove.Participant) is { } participant)
        {
            return RoomDecision.Of(new RoomEvent.Left(participant.Sid, participant.Identity, remove.Reason, now));
        }

        return state.Reservations.Any(held => held.Participant.Sid == remove.Participant)
            ? RoomDecision.Of(new RoomEvent.ReservationEnded(remove.Participant))
            : RoomDecision.Nothing;
    }

    private static RoomDecision DecideAdopt(RoomState state, RoomCommand.Adopt adopt)
    {
        if (state.Find(adopt.Participant.Sid) is not null)
        {
            return RoomDecision.Nothing;
        }

        if (state.Find(adopt.Participant.Identity) is not null)
        {
            return RoomDecision.Refuse(RoomRefusal.UnknownParticipant);
        }

        var joined = new RoomEvent.Joined(adopt.Participant);
        return adopt.SeenVersion < state.Version
            ? RoomDecision.Of(joined)
            : RoomDecision.Of(new RoomEvent.VersionRaised(adopt.SeenVersion + AdoptionStep), joined);
    }

    private static RoomDecision DecideExpire(RoomState state, DateTimeOffset now)
    {
        ImmutableArray<RoomEvent> ended =
        [
            .. state.Reservations
                .Where(held => held.ExpiresAt <= now)
                .Select(held => new RoomEvent.ReservationEnded(held.Participant.Sid)),
        ];
        RoomState after = ended.Aggregate(state, Apply);
        return after.ClosesAt <= now ? RoomDecision.Of(ended.Add(new RoomEvent.Closed())) : RoomDecision.Of(ended);
    }

    private ImmutableArray<Reservation> WithoutReservation(ParticipantSid sid) =>
        Reservations.RemoveAll(held => held.Participant.Sid == sid);

    private RoomState Replace(ParticipantSid sid, Func<RoomParticipant, RoomParticipant> change)
    {
        RoomParticipant? old = Find(sid);
        return old is null ? this : this with { Participants = Participants.Replace(old, change(old)) };
    }
}

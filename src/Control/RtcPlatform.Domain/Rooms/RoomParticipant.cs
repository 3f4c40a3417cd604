using System.Collections.Immutable;
using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Rooms;

/// <summary>A participant as the others see it.</summary>
public sealed record RoomParticipant(
    ParticipantSid Sid,
    ParticipantIdentity Identity,
    string Name,
    string Metadata,
    DateTimeOffset JoinedAt,
    RoomGrants Grants,
    ImmutableArray<RoomTrack> Tracks)
{
    public ParticipantKind Kind { get; init; }

    /// <summary>Whom a <see cref="ParticipantKind.Viewer"/> receives; null for all others.</summary>
    public ParticipantIdentity? Watches { get; init; }

    /// <summary>Whether this participant is told about <paramref name="other"/>: a thousand viewers do not hear of each other.</summary>
    public bool Sees(RoomParticipant other) => Sees(other.Identity);

    /// <inheritdoc cref="Sees(RoomParticipant)"/>
    public bool Sees(ParticipantIdentity other) => Kind switch
    {
        ParticipantKind.Standard => true,
        ParticipantKind.Viewer => Watches == other,
        _ => false,
    };

    public RoomTrack? Track(TrackSid sid)
    {
        foreach (RoomTrack track in Tracks)
        {
            if (track.Sid == sid)
            {
                return track;
            }
        }

        return null;
    }

    public RoomParticipant With(RoomTrack track)
    {
        RoomTrack? old = Track(track.Sid);
        return this with { Tracks = old is null ? Tracks.Add(track) : Tracks.Replace(old, track) };
    }

    public RoomParticipant Without(TrackSid sid) => this with { Tracks = Tracks.RemoveAll(track => track.Sid == sid) };

    // Arrays compare by reference; two participants are equal when their tracks are.
    public bool Equals(RoomParticipant? other) =>
        other is not null && Sid == other.Sid && Identity == other.Identity && Name == other.Name && Metadata == other.Metadata
        && JoinedAt == other.JoinedAt && Kind == other.Kind && Watches == other.Watches && Tracks.SequenceEqual(other.Tracks);

    public override int GetHashCode() => HashCode.Combine(Sid, Identity, Tracks.Length);
}

/// <summary>A place held for somebody who is still connecting; nobody sees it.</summary>
public sealed record Reservation(RoomParticipant Participant, DateTimeOffset ExpiresAt);

/// <summary>A media node's process: a restarted node has the same id and another instance.</summary>
public sealed record NodeRef(string NodeId, string InstanceId);

/// <summary>Why a participant is no longer in the room.</summary>
public enum LeaveReason
{
    Unknown = 0,
    ClientLeft,
    DuplicateIdentity,
    ServerShutdown,
    ParticipantRemoved,
    RoomClosed,
    ConnectionTimeout,
    MediaFailed,
}

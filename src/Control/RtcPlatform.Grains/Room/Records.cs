using System.Collections.Immutable;
using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using ParticipantKind = RtcPlatform.Grains.Contracts.ParticipantKind;

namespace RtcPlatform.Grains.Room;

/// <summary>Between the messages of the contract and the values of the domain.</summary>
internal static class Records
{
    public static RoomSnapshot ToRecord(RoomState state) => new(
        state.Sid.Value,
        state.Name.Value,
        state.Version,
        state.CreatedAt,
        [.. state.Participants.Select(ToRecord)]);

    /// <summary>The room as far as one participant sees it.</summary>
    public static RoomSnapshot ToRecord(RoomState state, RoomParticipant seenBy) => new(
        state.Sid.Value,
        state.Name.Value,
        state.Version,
        state.CreatedAt,
        [.. state.Participants.Where(other => other.Sid == seenBy.Sid || seenBy.Sees(other)).Select(ToRecord)]);

    public static ParticipantRecord ToRecord(RoomParticipant participant) => new(
        participant.Sid.Value,
        participant.Identity.Value,
        participant.Name,
        participant.Metadata,
        participant.JoinedAt,
        ToRecord(participant.Grants),
        [.. participant.Tracks.Select(ToRecord)],
        (ParticipantKind)participant.Kind,
        participant.Watches?.Value ?? string.Empty);

    public static TrackRecord ToRecord(RoomTrack track) => new(
        track.Sid.Value,
        TrackSources.Name(track.Kind),
        TrackSources.Name(track.Source),
        track.Name,
        track.Muted,
        track.Width,
        track.Height,
        track.MimeType);

    public static GrantRecord ToRecord(RoomGrants grants) => new(
        grants.CanPublish,
        grants.CanSubscribe,
        grants.CanPublishData,
        [.. grants.CanPublishSources.Select(TrackSources.Name)]);

    public static RoomDelta ToRecord(RoomChange change) => new(
        change.Version,
        [.. change.Joined.Select(ToRecord)],
        [.. change.Updated.Select(ToRecord)],
        [.. change.Left.Select(left => new DepartedParticipant(left.Sid.Value, left.Identity.Value, (DisconnectReason)left.Reason))]);

    public static RoomGrants ToDomain(GrantRecord grants) => new VideoClaim(
        true,
        null,
        grants.CanPublish,
        grants.CanSubscribe,
        grants.CanPublishData,
        [.. grants.CanPublishSources]).Resolve();

    /// <summary>Null when a kind, source or sid is not one of ours.</summary>
    public static RoomTrack? ToDomain(TrackRecord track) =>
        TrackSid.TryParse(track.Sid, out TrackSid sid)
        && TrackSources.ParseKind(track.Kind) is { } kind
        && TrackSources.Parse(track.Source) is { } source
            ? new RoomTrack(sid, kind, source, track.Name, track.Muted, track.Width, track.Height, track.MimeType)
            : null;

    /// <summary>Null when a part of it is not one of ours.</summary>
    public static RoomParticipant? ToDomain(ParticipantRecord record)
    {
        if (!ParticipantSid.TryParse(record.Sid, out ParticipantSid sid)
            || !ParticipantIdentity.TryParse(record.Identity, out ParticipantIdentity identity))
        {
            return null;
        }

        ImmutableArray<RoomTrack> tracks = [.. record.Tracks.Select(ToDomain).OfType<RoomTrack>()];
        return new RoomParticipant(sid, identity, record.Name, record.Metadata, record.JoinedAt, ToDomain(record.Grants), tracks)
        {
            Kind = (Domain.Rooms.ParticipantKind)record.Kind,
            Watches = ParticipantIdentity.TryParse(record.Watches, out ParticipantIdentity watched) ? watched : null,
        };
    }

    public static RoomPicture ToDomain(RoomSnapshot snapshot) => new(snapshot.Version, ToDomain(snapshot.Participants));

    public static RoomChange ToDomain(RoomDelta delta) => new(
        delta.Version,
        ToDomain(delta.Joined),
        ToDomain(delta.Updated),
        [.. delta.Left.Select(ToDomain).OfType<Departure>()]);

    private static ImmutableArray<RoomParticipant> ToDomain(ParticipantRecord[] records) =>
        [.. records.Select(ToDomain).OfType<RoomParticipant>()];

    private static Departure? ToDomain(DepartedParticipant left) =>
        ParticipantSid.TryParse(left.Sid, out ParticipantSid sid)
        && ParticipantIdentity.TryParse(left.Identity, out ParticipantIdentity identity)
            ? new Departure(sid, identity, (LeaveReason)left.Reason)
            : null;
}

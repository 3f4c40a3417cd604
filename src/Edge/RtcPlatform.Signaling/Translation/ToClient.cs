using RtcPlatform.Grains.Contracts;
using RtcPlatform.Signaling.Contract;
using ClientReason = RtcPlatform.Signaling.Contract.DisconnectReason;
using GrainReason = RtcPlatform.Grains.Contracts.DisconnectReason;

namespace RtcPlatform.Signaling.Translation;

/// <summary>The grains' messages in the contract's words.</summary>
internal static class ToClient
{
    public static RoomState Room(RoomSnapshot room) =>
        new(room.Sid, room.Name, (long)room.Version, room.CreatedAt, [.. room.Participants.Select(Participant)]);

    public static ParticipantInfo Participant(ParticipantRecord participant) => new(
        participant.Sid,
        participant.Identity,
        participant.Name,
        participant.Metadata,
        participant.JoinedAt,
        Grants(participant.Grants),
        [.. participant.Tracks.Select(Track)],
        (Contract.ParticipantKind)(int)participant.Kind);

    public static TrackInfo Track(TrackRecord track) => new(
        track.Sid,
        WireNames<TrackKind>.Find(track.Kind) ?? throw new InvalidOperationException($"'{track.Kind}' is no kind of track"),
        WireNames<TrackSource>.Find(track.Source) ?? TrackSource.Unknown,
        track.Name,
        track.Muted,
        track.Width,
        track.Height,
        track.MimeType);

    public static IReadOnlyList<IceServer> IceServers(SignalingOptions options) =>
    [
        .. options.IceServerUrls.Select(url => options.HasCredentials(url)
            ? new IceServer([url], options.TurnUsername, options.TurnCredential)
            : new IceServer([url], null, null)),
    ];

    public static Answer Answer(AnswerResult answer) => new(
        checked((int)answer.OfferId),
        answer.Sdp,
        answer.MidToTrack,
        answer.MissingAudioSections,
        answer.MissingVideoSections);

    public static RoomChange Change(RoomDelta delta) => new(
        (long)delta.Version,
        [.. delta.Joined.Select(Participant)],
        [.. delta.Updated.Select(Participant)],
        [.. delta.Left.Select(left => new ParticipantDeparture(left.Sid, left.Identity, Reason(left.Reason)))]);

    /// <summary>The two enums have the same members in the same order; a test holds that.</summary>
    public static ClientReason Reason(GrainReason reason) => (ClientReason)(int)reason;

    private static Permissions Grants(GrantRecord grants) => new(
        grants.CanPublish,
        grants.CanSubscribe,
        grants.CanPublishData,
        [.. grants.CanPublishSources.Select(source => WireNames<TrackSource>.Find(source) ?? TrackSource.Unknown)]);
}

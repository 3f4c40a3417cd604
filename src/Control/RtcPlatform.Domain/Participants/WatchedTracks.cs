using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Participants;

/// <summary>What a viewer receives of the one whom it watches: at most one track of each kind, and it may change at any time.</summary>
public readonly record struct WatchedTracks(TrackSid? Audio, TrackSid? Video)
{
    public static readonly WatchedTracks None = default;

    public bool IsLive => Audio is not null || Video is not null;

    /// <summary>A microphone before a shared screen's sound, a camera before a shared screen; the first published of its source.</summary>
    public static WatchedTracks Of(RoomPicture room, ParticipantIdentity watched)
    {
        foreach (RoomParticipant participant in room.Participants)
        {
            if (participant.Identity == watched)
            {
                return new WatchedTracks(Best(participant, TrackKind.Audio), Best(participant, TrackKind.Video));
            }
        }

        return None;
    }

    private static TrackSid? Best(RoomParticipant publisher, TrackKind kind) => publisher.Tracks
        .Where(track => track.Kind == kind)
        .OrderBy(static track => track.Source is TrackSource.Microphone or TrackSource.Camera ? 0 : 1)
        .FirstOrDefault()?.Sid;
}

using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using WantedTrack = RtcPlatform.Media.Contracts.WantedTrack;
using WireKind = RtcPlatform.Media.Contracts.TrackKind;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// What a viewer receives. WHEP knows no renegotiation, so its two sections are negotiated under names of their own, and the
/// node puts into them whatever the one who is watched publishes at the moment: a reload or a camera that comes later needs
/// nothing of the viewer.
/// </summary>
internal static class Viewing
{
    private const string AudioSection = "audio";
    private const string VideoSection = "video";

    /// <summary>For the first offer, or the answer to ours; remembers what was chosen.</summary>
    public static WantedTrack[] Sections(Session session)
    {
        WatchedTracks watched = WatchedTracks.Of(session.Picture!, session.Self.Watches!.Value);
        session.Watching = watched;
        RoomParticipant? publisher = session.Picture!.Participants.FirstOrDefault(p => p.Identity == session.Self.Watches);
        return ToMessages(watched, publisher?.Sid.Value ?? string.Empty);
    }

    /// <summary>After a change of the room.</summary>
    /// <returns>What is watched now when that is news, else null.</returns>
    public static WatchedTracks? Follow(Session session)
    {
        if (session is not { Self.Watches: { } identity, Picture: { } picture })
        {
            return null;
        }

        WatchedTracks watched = WatchedTracks.Of(picture, identity);
        if (session.Watching == watched)
        {
            return null;
        }

        session.Watching = watched;
        session.Transport?.Retarget(ToMessages(watched, string.Empty));
        return watched;
    }

    private static WantedTrack[] ToMessages(WatchedTracks watched, string publisher) =>
    [
        new() { TrackSid = AudioSection, Kind = WireKind.Audio, ParticipantSid = publisher, Source = watched.Audio?.Value ?? string.Empty },
        new() { TrackSid = VideoSection, Kind = WireKind.Video, ParticipantSid = publisher, Source = watched.Video?.Value ?? string.Empty },
    ];
}

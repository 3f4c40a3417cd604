using System.Collections.Immutable;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Participants;

/// <summary>A track that a participant should receive, and whose it is.</summary>
public sealed record WantedTrack(RoomTrack Track, ParticipantSid Publisher);

/// <summary>What a participant chose against the default of its connection.</summary>
/// <param name="Auto">Every track is wanted unless it is in <paramref name="Refused"/>; else only those in <paramref name="Asked"/>.</param>
public sealed record SubscriptionChoice(bool Auto, ImmutableHashSet<TrackSid> Asked, ImmutableHashSet<TrackSid> Refused)
{
    public static SubscriptionChoice Default(bool auto) => new(auto, [], []);

    public bool Wants(TrackSid sid) => Auto ? !Refused.Contains(sid) : Asked.Contains(sid);

    public SubscriptionChoice With(IEnumerable<TrackSid> sids, bool subscribe) => subscribe
        ? this with { Asked = Asked.Union(sids), Refused = Refused.Except(sids) }
        : this with { Asked = Asked.Except(sids), Refused = Refused.Union(sids) };

    /// <summary>Forgets choices about tracks that are gone.</summary>
    public SubscriptionChoice Only(Func<TrackSid, bool> exists) => this with
    {
        Asked = Asked.Where(exists).ToImmutableHashSet(),
        Refused = Refused.Where(exists).ToImmutableHashSet(),
    };
}

/// <summary>From a room and a participant's choice to the list that the media node gets.</summary>
public static class WantedTracks
{
    /// <summary>
    /// Every track of the others that is subscribed, most important first: audio, then shared screens, then cameras, each
    /// in the order in which their publishers joined.
    /// </summary>
    public static ImmutableArray<WantedTrack> Of(RoomPicture room, ParticipantSid self, bool maySubscribe, SubscriptionChoice choice)
    {
        if (!maySubscribe)
        {
            return [];
        }

        return
        [
            .. room.Participants
                .Where(participant => participant.Sid != self)
                .SelectMany(participant => participant.Tracks.Select(track => new WantedTrack(track, participant.Sid)))
                .Where(wanted => choice.Wants(wanted.Track.Sid))
                .OrderBy(wanted => Rank(wanted.Track)),
        ];
    }

    public static SectionCount Count(ImmutableArray<WantedTrack> wanted)
    {
        int audio = wanted.Count(track => track.Track.Kind == TrackKind.Audio);
        return new SectionCount(audio, wanted.Length - audio);
    }

    private static int Rank(RoomTrack track) => (track.Kind, track.Source) switch
    {
        (TrackKind.Audio, _) => 0,
        (_, TrackSource.ScreenShare) => 1,
        _ => 2,
    };
}

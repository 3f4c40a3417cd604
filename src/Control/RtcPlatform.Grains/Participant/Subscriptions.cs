using System.Collections.Immutable;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>What a client asks to receive, and what not.</summary>
internal static class Subscriptions
{
    /// <summary>All of it or nothing. The session's picture must be filled.</summary>
    public static Outcome<Accepted> Change(Session session, string[] trackSids, bool subscribe)
    {
        ImmutableArray<TrackSid> known =
        [
            .. trackSids
                .Select(text => TrackSid.TryParse(text, out TrackSid sid) ? session.Picture!.Track(sid) : null)
                .OfType<RoomTrack>()
                .Select(track => track.Sid),
        ];
        if (known.Length != trackSids.Length)
        {
            return ParticipantErrors.TrackNotFound;
        }

        session.State = session.State with { Choice = session.State.Choice.With(known, subscribe) };
        session.Remember();
        return Accepted.Instance;
    }
}

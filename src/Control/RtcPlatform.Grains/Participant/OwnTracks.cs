using System.Collections.Immutable;
using System.Security.Cryptography;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// What a client does to the tracks that it publishes. The room hears of it, the media node stops or starts the flow, and
/// the session remembers it for an adoption.
/// </summary>
internal sealed class OwnTracks(Session session, IRoomGrain room)
{
    public async Task<Outcome<TrackRecord>> Publish(PublishCommand command)
    {
        if (ParticipantErrors.CheckPublish(command) is { } invalid)
        {
            return invalid;
        }

        TrackSid sid = TrackSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes));
        var track = new TrackRecord(
            sid.Value, command.Kind, command.Source, command.Name, command.Muted, command.Width, command.Height, string.Empty);
        Outcome<TrackRecord> added = await room.AddTrack(session.Sid.Value, track);
        if (added.IsOk)
        {
            session.Change(session.Self.With(Records.ToDomain(track)!));
        }

        return added;
    }

    public async Task<Outcome<Accepted>> Unpublish(string trackSid)
    {
        if (Find(trackSid) is not { } track)
        {
            return ParticipantErrors.TrackNotFound;
        }

        await room.RemoveTrack(session.Sid.Value, trackSid);
        session.Transport?.SetPaused(track.Sid, paused: true);
        session.Change(session.Self.Without(track.Sid));
        return Accepted.Instance;
    }

    public async Task<Outcome<Accepted>> SetMuted(string trackSid, bool muted)
    {
        if (Find(trackSid) is not { } track)
        {
            return ParticipantErrors.TrackNotFound;
        }

        session.Transport?.SetPaused(track.Sid, muted);
        await room.SetMuted(session.Sid.Value, trackSid, muted);
        session.Change(session.Self.With(track with { Muted = muted }));
        return Accepted.Instance;
    }

    /// <summary>Has the room list these tracks of the participant instead of those of the session.</summary>
    public async Task Become(ImmutableArray<RoomTrack> tracks)
    {
        string participant = session.Sid.Value;
        foreach (RoomTrack gone in session.Self.Tracks.Where(old => tracks.All(track => track.Sid != old.Sid)))
        {
            await room.RemoveTrack(participant, gone.Sid.Value);
        }

        foreach (RoomTrack track in tracks)
        {
            if (session.Self.Track(track.Sid) is null)
            {
                await room.AddTrack(participant, Records.ToRecord(track));
                continue;
            }

            await room.SetMuted(participant, track.Sid.Value, track.Muted);
            await room.SetTrackCodec(participant, track.Sid.Value, track.MimeType);
        }
    }

    private RoomTrack? Find(string trackSid) =>
        TrackSid.TryParse(trackSid, out TrackSid sid) ? session.Self.Track(sid) : null;
}

namespace RtcPlatform.Domain.Rooms;

/// <summary>The rules about tracks within a room.</summary>
internal static class RoomTracks
{
    public static RoomDecision DecideAdd(RoomState state, RoomCommand.AddTrack add)
    {
        if (state.Find(add.Participant) is not { } participant)
        {
            return RoomDecision.Refuse(RoomRefusal.UnknownParticipant);
        }

        if (!participant.Grants.AllowsPublishing(add.Track.Source))
        {
            return RoomDecision.Refuse(RoomRefusal.SourceNotAllowed);
        }

        if (participant.Tracks.Length >= state.Options.MaxTracksPerParticipant)
        {
            return RoomDecision.Refuse(RoomRefusal.TooManyTracks);
        }

        return state.Picture.Track(add.Track.Sid) is null
            ? RoomDecision.Of(new RoomEvent.TrackChanged(add.Participant, add.Track))
            : RoomDecision.Refuse(RoomRefusal.DuplicateTrack);
    }

    public static RoomDecision DecideRemove(RoomState state, RoomCommand.RemoveTrack remove) =>
        state.Find(remove.Participant)?.Track(remove.Track) is null
            ? RoomDecision.Refuse(RoomRefusal.UnknownTrack)
            : RoomDecision.Of(new RoomEvent.TrackRemoved(remove.Participant, remove.Track));

    public static RoomDecision DecideMute(RoomState state, RoomCommand.SetMuted mute) =>
        Change(state.Find(mute.Participant), mute.Track, track => track with { Muted = mute.Muted });

    public static RoomDecision DecideCodec(RoomState state, RoomCommand.SetCodec codec) =>
        Change(state.Find(codec.Participant), codec.Track, track => track with { MimeType = codec.MimeType });

    private static RoomDecision Change(RoomParticipant? participant, Ids.TrackSid sid, Func<RoomTrack, RoomTrack> change)
    {
        if (participant?.Track(sid) is not { } track)
        {
            return RoomDecision.Refuse(RoomRefusal.UnknownTrack);
        }

        RoomTrack changed = change(track);
        return changed == track
            ? RoomDecision.Nothing
            : RoomDecision.Of(new RoomEvent.TrackChanged(participant.Sid, changed));
    }
}

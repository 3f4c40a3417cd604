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

        return Objection(state, participant, add.Track) is { } refusal
            ? RoomDecision.Refuse(refusal)
            : RoomDecision.Of(new RoomEvent.TrackChanged(add.Participant, add.Track));
    }

    /// <summary>Why a participant may not publish a track beside those that it has; null when it may.</summary>
    public static RoomRefusal? Objection(RoomState state, RoomParticipant participant, RoomTrack track) =>
        !participant.Grants.AllowsPublishing(track.Source) ? RoomRefusal.SourceNotAllowed
        : participant.Tracks.Length >= state.Options.MaxTracksPerParticipant ? RoomRefusal.TooManyTracks
        : state.Picture.Track(track.Sid) is not null || participant.Track(track.Sid) is not null ? RoomRefusal.DuplicateTrack
        : null;

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

using Orleans;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Room;

/// <summary>Who hears what of a room: its participants each change, the project's index how it stands. Nobody is waited for.</summary>
internal sealed class RoomNews(IGrainFactory grains, string roomKey)
{
    public async Task Tell(RoomState state, RoomChange change)
    {
        RoomDelta delta = Records.ToRecord(change);
        foreach (RoomParticipant participant in state.Participants)
        {
            if (change.IsSeenBy(participant))
            {
                await Participant(participant).OnRoomChanged(delta);
            }
        }
    }

    public Task TellRemoved(RoomParticipant participant, DisconnectReason reason) =>
        Participant(participant).OnRemoved(participant.Sid.Value, reason);

    /// <summary>To the project's index of rooms, which the API reads. A room that nobody has entered yet is not listed.</summary>
    public Task Report(RoomState state)
    {
        IProjectRoomsGrain index = grains.GetGrain<IProjectRoomsGrain>(GrainKeys.ParseRoom(roomKey).ProjectId);
        return state switch
        {
            { IsClosed: true } => index.Remove(state.Sid.Value),
            { Version: 0 } => Task.CompletedTask,
            _ => index.Report(new RoomSummary(
                state.Sid.Value, state.Name.Value, state.Version, state.CreatedAt, state.Participants.Length)),
        };
    }

    private IParticipantGrain Participant(RoomParticipant participant) =>
        grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(roomKey, participant.Identity.Value));
}

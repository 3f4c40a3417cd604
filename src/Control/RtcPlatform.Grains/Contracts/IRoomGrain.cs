using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.Grains.Contracts;

/// <summary>
/// The only owner of a room's roster and of the version of its state. Key: <c>project/room</c>. Told by participants,
/// asked by everybody; pushes deltas to its participants without waiting for them.
/// </summary>
public interface IRoomGrain : IGrainWithStringKey
{
    /// <summary>Reserves a place, chooses the media node, and gives the room as far as the participant sees it. Others hear of it at <see cref="Activate"/>.</summary>
    Task<Outcome<Admission>> Reserve(ReserveCommand command);

    /// <summary>The reserved participant is connected: it becomes visible, with the tracks that it publishes from the first moment.</summary>
    /// <returns>The room as far as the participant sees it.</returns>
    Task<Outcome<RoomSnapshot>> Activate(string participantSid, TrackRecord[] tracks);

    Task<Outcome<TrackRecord>> AddTrack(string participantSid, TrackRecord track);

    /// <summary>False when there is no such track.</summary>
    Task<bool> RemoveTrack(string participantSid, string trackSid);

    /// <summary>False when there is no such track.</summary>
    Task<bool> SetMuted(string participantSid, string trackSid, bool muted);

    /// <summary>The codec a published track is sent in, once negotiated.</summary>
    [OneWay]
    Task SetTrackCodec(string participantSid, string trackSid, string mimeType);

    /// <summary>Ends a stay or a reservation; the participant is told by <see cref="IParticipantGrain.OnRemoved"/>.</summary>
    Task Remove(string participantSid, DisconnectReason reason);

    /// <summary>The room as it is; one that does not exist has an empty sid and version 0.</summary>
    Task<RoomSnapshot> Snapshot();

    /// <summary>How many viewers watch a participant.</summary>
    Task<int> CountViewers(string identity);

    /// <summary>The node that the room is on, choosing a living one when there is none or it was lost.</summary>
    Task<Outcome<string>> PlaceOnNode();

    /// <summary>From the media node grain: that process is gone, with everything on it.</summary>
    [OneWay]
    Task OnNodeLost(string nodeId, string instanceId);

    /// <summary>
    /// After a restart of the control plane: what a node still runs for this room. Gives the ids of the transports whose
    /// participants are in the room; the others are to be closed.
    /// </summary>
    Task<string[]> Adopt(string nodeId, string instanceId, AdoptedParticipant[] participants);
}

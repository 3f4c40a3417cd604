using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.Grains.Contracts;

/// <summary>
/// The only owner of a room's roster and of the version of its state. Key: <c>project/room</c>. Told by participants,
/// asked by everybody; pushes deltas to its participants without waiting for them.
/// </summary>
public interface IRoomGrain : IGrainWithStringKey
{
    /// <summary>Reserves a place, chooses the media node, and gives the room as it is. Others hear of it at <see cref="Activate"/>.</summary>
    Task<Outcome<Admission>> Reserve(ReserveCommand command);

    /// <summary>The reserved participant is connected: it becomes visible.</summary>
    Task<Outcome<RoomSnapshot>> Activate(string participantSid, byte[] context);

    Task<Outcome<TrackRecord>> AddTrack(string participantSid, TrackRecord track);

    Task RemoveTrack(string participantSid, string trackSid);

    Task<bool> SetMuted(string participantSid, string trackSid, bool muted);

    /// <summary>The codec a published track is sent in, once negotiated.</summary>
    Task SetTrackCodec(string participantSid, string trackSid, string mimeType);

    Task Remove(string participantSid, DisconnectReason reason);

    Task<RoomSnapshot> Snapshot();

    /// <summary>The node that the room is on, choosing a living one when there is none or it was lost.</summary>
    Task<Outcome<string>> PlaceOnNode();

    /// <summary>From the media node grain: it is gone, with everything on it.</summary>
    [OneWay]
    Task OnNodeLost(string nodeId);

    /// <summary>After a restart of the control plane: what a node still runs for this room.</summary>
    Task Adopt(string nodeId, AdoptedParticipant[] participants);
}

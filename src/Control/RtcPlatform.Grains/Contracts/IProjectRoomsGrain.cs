using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.Grains.Contracts;

/// <summary>
/// Which rooms of a project are open, as their rooms last reported; an index, not the truth. Key: project id. After a
/// restart of the control plane a room is listed again when it is adopted, which is when its media node is back.
/// </summary>
public interface IProjectRoomsGrain : IGrainWithStringKey
{
    /// <summary>The room opened or changed; a report that is older than the last one is ignored.</summary>
    [OneWay]
    Task Report(RoomSummary room);

    /// <summary>The room closed.</summary>
    [OneWay]
    Task Remove(string roomSid);

    /// <summary>By name.</summary>
    Task<RoomSummary[]> List();
}

[GenerateSerializer, Immutable]
public sealed record RoomSummary(string Sid, string Name, ulong Version, DateTimeOffset CreatedAt, int ParticipantCount);

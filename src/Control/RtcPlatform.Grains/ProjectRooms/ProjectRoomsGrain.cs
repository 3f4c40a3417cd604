using Orleans;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.ProjectRooms;

/// <summary>Rooms by sid, because a room that closes and opens again under its name reports as another one.</summary>
public sealed class ProjectRoomsGrain : Grain, IProjectRoomsGrain
{
    private readonly Dictionary<string, RoomSummary> _rooms = new(StringComparer.Ordinal);

    public Task Report(RoomSummary room)
    {
        if (!_rooms.TryGetValue(room.Sid, out RoomSummary? known) || known.Version <= room.Version)
        {
            _rooms[room.Sid] = room;
        }

        return Task.CompletedTask;
    }

    public Task Remove(string roomSid)
    {
        _rooms.Remove(roomSid);
        return Task.CompletedTask;
    }

    public Task<RoomSummary[]> List() =>
        Task.FromResult<RoomSummary[]>([.. _rooms.Values.OrderBy(room => room.Name, StringComparer.Ordinal)]);
}

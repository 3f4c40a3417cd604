using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>The rooms that took packets in during this turn; what waits there is sent once, at the turn's end.</summary>
internal sealed class Outbox(Shard shard)
{
    private readonly List<Router> _rooms = [];

    public bool IsEmpty => _rooms.Count == 0;

    public void Add(Router room)
    {
        // A room's packets come in runs, so its last neighbour is mostly itself; twice in the list does no harm.
        if (_rooms.Count == 0 || !ReferenceEquals(_rooms[^1], room))
        {
            _rooms.Add(room);
        }
    }

    /// <param name="broken">Called with a room in which a defect was met; the others are served.</param>
    public void Forward(MonoTime now, Action<Router, Exception> broken)
    {
        var output = new ForwardOutput(shard, now);
        foreach (Router room in _rooms)
        {
            if (!room.HasWaiting)
            {
                continue;
            }

            try
            {
                room.Forward(now, ref output);
                shard.Timers.Touch(room.NextDeadline);
            }
            catch (Exception failure)
            {
                broken(room, failure);
            }
        }

        _rooms.Clear();
    }
}

using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>
/// All transports of the node, as the control stream sees them, and the shards' predicted load that follows from what they
/// negotiated. Any thread.
/// </summary>
/// <param name="shards">How many shards there are.</param>
/// <param name="capacity">Packets per second, in and out, that each of them takes on.</param>
public sealed class TransportRegister(int shards, long capacity)
{
    // A home shard keeps a fifth for what its participants will add: their first offer often only receives.
    private readonly long _spill = capacity - (capacity / 5);
    private readonly object _gate = new();
    private readonly Dictionary<string, TransportRecord> _records = new(StringComparer.Ordinal);
    private readonly LoadLedger _loads = new(shards);
    private ulong _refused;

    /// <summary>Negotiations that were refused, and sections that were withheld, because there was no room for them.</summary>
    public ulong Refused
    {
        get
        {
            lock (_gate)
            {
                return _refused;
            }
        }
    }

    /// <summary>The sum of the shards' predicted packets per second.</summary>
    public long PredictedLoad
    {
        get
        {
            lock (_gate)
            {
                return _loads.Total;
            }
        }
    }

    /// <summary>The packets per second that are predicted for one shard.</summary>
    public long LoadOf(int shard)
    {
        lock (_gate)
        {
            return _loads.Of(shard);
        }
    }

    /// <summary>The shards that have transports of a room.</summary>
    public IReadOnlyList<int> ShardsOf(string room)
    {
        lock (_gate)
        {
            return [.. Enumerable.Range(0, shards).Where(shard => _loads.IsOn(room, shard))];
        }
    }

    public TransportRecord? Find(string id)
    {
        lock (_gate)
        {
            return _records.GetValueOrDefault(id);
        }
    }

    /// <summary>Whose a track of a room is; null while nobody publishes it.</summary>
    public TransportRecord? FindPublisher(string room, string trackSid)
    {
        lock (_gate)
        {
            return _records.Values.FirstOrDefault(
                record => record.Room == room && record.Uses.Any(use => use.IsPublished && use.Slot == trackSid));
        }
    }

    /// <summary>
    /// Where a room's next transport goes: the room's home, its first transport's shard, as long as that is not filled up to
    /// four fifths; else another that has the room already; else the one with the least to do.
    /// </summary>
    public int Place(string room)
    {
        lock (_gate)
        {
            if (_loads.HomeOf(room) is not { } home)
            {
                return _loads.LeastLoaded;
            }

            if (_loads.Of(home) <= _spill)
            {
                return home;
            }

            int[] others = [.. ShardsOf(room).Where(shard => _loads.Of(shard) <= _spill)];
            return others.Length > 0 ? others.MinBy(_loads.Of) : _loads.LeastLoaded;
        }
    }

    /// <summary>False = the id is taken.</summary>
    public bool TryAdd(TransportRecord record)
    {
        lock (_gate)
        {
            if (!_records.TryAdd(record.Id, record))
            {
                return false;
            }

            _loads.Enter(record.Room, record.Shard);
            return true;
        }
    }

    /// <summary>
    /// Books what a transport is to carry instead of what it carried. A transport that has nothing yet is given to the shard
    /// with the least to do when its own has no room (<see cref="TransportRecord.Shard"/> tells).
    /// </summary>
    /// <returns>False = there is no room: nothing was changed. True also for a transport that is gone.</returns>
    public bool TryReserve(TransportRecord record, IReadOnlyList<TrackUse> uses)
    {
        lock (_gate)
        {
            long present = _loads.CostOf(record.Room, record.Uses);
            long wanted = _loads.CostOf(record.Room, uses);
            int shard = record.Shard;
            if (record.Uses.Count == 0 && record.OfferId == 0 && _loads.Of(shard) + wanted > capacity)
            {
                shard = _loads.LeastLoaded;
            }

            if (wanted > present && _loads.Of(shard) - (shard == record.Shard ? present : 0) + wanted > capacity)
            {
                return false;
            }

            Book(record, shard, uses);
            return true;
        }
    }

    /// <summary>The same whether there is room or not: for what cannot be refused.</summary>
    public void Reserve(TransportRecord record, IReadOnlyList<TrackUse> uses)
    {
        lock (_gate)
        {
            Book(record, record.Shard, uses);
        }
    }

    /// <summary>
    /// Which of a transport's uses there is room for: all that it has already, then the others in their order as long as they fit.
    /// </summary>
    /// <param name="has">Whether the transport has it already.</param>
    public IReadOnlyList<TrackUse> Fitting(TransportRecord record, IReadOnlyList<TrackUse> uses, Func<TrackUse, bool> has)
    {
        lock (_gate)
        {
            long room = capacity - _loads.Of(record.Shard);
            var fitting = new List<TrackUse>();
            foreach (TrackUse use in uses)
            {
                long cost = has(use) ? 0 : _loads.CostOf(record.Room, use);
                if (cost > 0 && cost > room)
                {
                    continue;
                }

                room -= cost;
                fitting.Add(use);
            }

            return fitting;
        }
    }

    public void CountRefused(int times)
    {
        lock (_gate)
        {
            _refused += (ulong)times;
        }
    }

    /// <summary>A track was muted or unmuted: it costs nothing while it is.</summary>
    public void SetPaused(TransportRecord record, string trackSid, bool isPaused)
    {
        lock (_gate)
        {
            if (_records.ContainsKey(record.Id))
            {
                _loads.SetPaused(record.Room, trackSid, isPaused);
            }
        }
    }

    public void Change(TransportRecord record, Action<TransportRecord> change)
    {
        lock (_gate)
        {
            change(record);
        }
    }

    /// <summary>The shard says how a transport is; one that failed or closed is forgotten.</summary>
    public void Changed(string id, TransportState state)
    {
        lock (_gate)
        {
            if (!_records.TryGetValue(id, out TransportRecord? record))
            {
                return;
            }

            record.State = state;
            if (state is TransportState.Failed or TransportState.Closed)
            {
                Book(record, record.Shard, []);
                _loads.Leave(record.Room, record.Shard);
                _records.Remove(id);
            }
        }
    }

    public IReadOnlyCollection<string> Ids()
    {
        lock (_gate)
        {
            return [.. _records.Keys];
        }
    }

    public IReadOnlyList<TransportSnapshot> Snapshot()
    {
        lock (_gate)
        {
            return [.. _records.Values.Select(static record => new TransportSnapshot
            {
                TransportId = record.Id,
                Room = record.Room,
                Context = record.Context,
                State = record.State,
                Producers = { record.Uses.Where(static use => use.IsPublished).Select(static use => use.Slot) },
                Consumers = { record.Uses.Where(static use => !use.IsPublished).Select(static use => use.Slot) },
                OfferId = record.OfferId,
            })];
        }
    }

    private void Book(TransportRecord record, int shard, IReadOnlyList<TrackUse> uses)
    {
        if (!_records.ContainsKey(record.Id))
        {
            return;
        }

        if (shard != record.Shard)
        {
            // The new one first: a room that is on no shard for a moment would lose its home.
            _loads.Enter(record.Room, shard);
            _loads.Leave(record.Room, record.Shard);
        }

        // What goes on is not taken out between: a track whose publisher goes on stays muted.
        foreach (TrackUse gone in record.Uses.Except(uses))
        {
            _loads.Remove(record.Room, record.Shard, gone);
        }

        foreach (TrackUse added in uses.Except(record.Uses))
        {
            _loads.Add(record.Room, shard, added);
        }

        record.Shard = shard;
        record.Uses = uses;
    }
}

using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>All transports of the node, as the control stream sees them. Any thread.</summary>
public sealed class TransportRegister
{
    private readonly object _gate = new();
    private readonly Dictionary<string, TransportRecord> _records = new(StringComparer.Ordinal);

    public TransportRecord? Find(string id)
    {
        lock (_gate)
        {
            return _records.GetValueOrDefault(id);
        }
    }

    /// <summary>False = the id is taken.</summary>
    public bool TryAdd(TransportRecord record)
    {
        lock (_gate)
        {
            return _records.TryAdd(record.Id, record);
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
            if (state is TransportState.Failed or TransportState.Closed)
            {
                _records.Remove(id);
            }
            else if (_records.TryGetValue(id, out TransportRecord? record))
            {
                record.State = state;
            }
        }
    }

    /// <summary>The shard on which a room lives; null when it has no transport here.</summary>
    public Shard.Shard? ShardOf(string room)
    {
        lock (_gate)
        {
            return _records.Values.FirstOrDefault(record => record.Room == room)?.Shard;
        }
    }

    /// <summary>How many transports a shard has.</summary>
    public int CountOn(Shard.Shard shard)
    {
        lock (_gate)
        {
            return _records.Values.Count(record => ReferenceEquals(record.Shard, shard));
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
                Producers = { record.Producers },
                Consumers = { record.Consumers },
                OfferId = record.OfferId,
            })];
        }
    }
}

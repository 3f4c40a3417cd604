using System.Runtime.InteropServices;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>
/// The packets per second that are predicted for each shard, from what was negotiated there. Every change is booked as it
/// happens, so reading is O(1) however many transports there are. Belongs to the <see cref="TransportRegister"/> and its lock.
/// </summary>
internal sealed class LoadLedger(int shards)
{
    private readonly long[] _loads = new long[shards];
    private readonly int[] _transports = new int[shards];
    private readonly Dictionary<string, RoomLoad> _rooms = new(StringComparer.Ordinal);

    public long Of(int shard) => _loads[shard];

    public long Total => _loads.Sum();

    /// <summary>The shard with the least to do; among equals the one with the fewest transports, which have yet to negotiate.</summary>
    public int LeastLoaded => Enumerable.Range(0, shards).MinBy(shard => (_loads[shard], _transports[shard]));

    /// <summary>Where a room was put first, as long as it is there; null when it has no transport here.</summary>
    public int? HomeOf(string room) => _rooms.TryGetValue(room, out RoomLoad? load) ? load.Home : null;

    /// <summary>Whether a room has a transport on a shard.</summary>
    public bool IsOn(string room, int shard) => _rooms.TryGetValue(room, out RoomLoad? load) && load.Transports[shard] > 0;

    public void Enter(string room, int shard)
    {
        ref RoomLoad? load = ref CollectionsMarshal.GetValueRefOrAddDefault(_rooms, room, out _);
        load ??= new RoomLoad(shard, shards);
        load.Transports[shard]++;
        load.Count++;
        _transports[shard]++;
    }

    public void Leave(string room, int shard)
    {
        RoomLoad load = _rooms[room];
        load.Transports[shard]--;
        _transports[shard]--;
        if (--load.Count == 0)
        {
            _rooms.Remove(room);
        }
        else if (load.Transports[load.Home] == 0)
        {
            load.Home = Array.IndexOf(load.Transports, load.Transports.Max());
        }
    }

    /// <summary>What one more use of a track adds; nothing while the track is paused.</summary>
    public int CostOf(string room, in TrackUse use) => IsPaused(room, use.TrackSid) ? 0 : use.Rate;

    public long CostOf(string room, IEnumerable<TrackUse> uses) => uses.Sum(use => (long)CostOf(room, use));

    public void Add(string room, int shard, in TrackUse use)
    {
        ref TrackLoad? track = ref CollectionsMarshal.GetValueRefOrAddDefault(_rooms[room].Tracks, use.TrackSid, out _);
        track ??= new TrackLoad(shards);
        track.Rates[shard] += use.Rate;
        track.Uses++;
        _loads[shard] += track.IsPaused ? 0 : use.Rate;
    }

    public void Remove(string room, int shard, in TrackUse use)
    {
        Dictionary<string, TrackLoad?> tracks = _rooms[room].Tracks;
        TrackLoad track = tracks[use.TrackSid]!;
        track.Rates[shard] -= use.Rate;
        _loads[shard] -= track.IsPaused ? 0 : use.Rate;
        if (use.IsPublished)
        {
            // Whoever publishes it next is not muted until told.
            SetPaused(track, false);
        }

        if (--track.Uses == 0)
        {
            tracks.Remove(use.TrackSid);
        }
    }

    /// <summary>A muted track costs nobody anything, wherever it is received.</summary>
    public void SetPaused(string room, string trackSid, bool isPaused)
    {
        ref TrackLoad? track = ref CollectionsMarshal.GetValueRefOrAddDefault(_rooms[room].Tracks, trackSid, out _);
        track ??= new TrackLoad(shards);
        SetPaused(track, isPaused);
        if (track is { Uses: 0, IsPaused: false })
        {
            _rooms[room].Tracks.Remove(trackSid);
        }
    }

    private bool IsPaused(string room, string trackSid) =>
        _rooms.TryGetValue(room, out RoomLoad? load) && load.Tracks.TryGetValue(trackSid, out TrackLoad? track) && track!.IsPaused;

    private void SetPaused(TrackLoad track, bool isPaused)
    {
        if (track.IsPaused == isPaused)
        {
            return;
        }

        track.IsPaused = isPaused;
        for (int shard = 0; shard < shards; shard++)
        {
            _loads[shard] += isPaused ? -track.Rates[shard] : track.Rates[shard];
        }
    }

    private sealed class RoomLoad(int home, int shards)
    {
        public int Home { get; set; } = home;

        public int[] Transports { get; } = new int[shards];

        public int Count { get; set; }

        public Dictionary<string, TrackLoad?> Tracks { get; } = new(StringComparer.Ordinal);
    }

    private sealed class TrackLoad(int shards)
    {
        /// <summary>Packets per second on each shard, in and out, when it is not paused.</summary>
        public int[] Rates { get; } = new int[shards];

        public int Uses { get; set; }

        public bool IsPaused { get; set; }
    }
}

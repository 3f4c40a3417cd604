using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;

namespace RtcPlatform.MediaNode.Pipes;

/// <summary>
/// Which shard has each track and which want it; opens and closes the pipes between them. The shards tell it of what changes on
/// them, and get commands for their own threads. The lock is never taken per packet.
/// </summary>
/// <param name="shards">How many there are; one needs no pipes.</param>
internal sealed class RoomPipes(int shards)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Room, string TrackSid), Track> _tracks = [];

    // Made when the first track goes that way, and kept: there are at most as many as pairs of shards.
    private readonly Dictionary<(ShardPipes From, ShardPipes To), PipeRing> _rings = [];

    /// <summary>A shard has a track from now on; another of the same sid (the publisher moved) is replaced.</summary>
    public void Published(in PublishedTrack published)
    {
        if (shards == 1)
        {
            return;
        }

        lock (_gate)
        {
            Track track = Of(published.Router.Room, published.Producer.TrackSid);
            track.Withdraw();
            track.Origin = published;
            track.IsPaused = published.Producer.IsPaused;
            foreach ((ShardPipes shard, Want want) in track.Wants)
            {
                Open(track, shard, want);
            }
        }
    }

    /// <summary>A shard has a track no more. One that was replaced is nothing new.</summary>
    public void Unpublished(string room, Producer producer)
    {
        if (shards == 1)
        {
            return;
        }

        lock (_gate)
        {
            if (_tracks.TryGetValue((room, producer.TrackSid), out Track? track) && track.IsFrom(producer))
            {
                track.Withdraw();
                Forget(room, producer.TrackSid, track);
            }
        }
    }

    /// <summary>A track was muted or unmuted where its publisher is.</summary>
    public void Paused(string room, Producer producer, bool isPaused)
    {
        if (shards == 1)
        {
            return;
        }

        lock (_gate)
        {
            if (_tracks.TryGetValue((room, producer.TrackSid), out Track? track) && track.IsFrom(producer))
            {
                track.IsPaused = isPaused;
                foreach (Want want in track.Wants.Values)
                {
                    want.Pipe?.To.PostPaused(want.Pipe, isPaused);
                }
            }
        }
    }

    /// <summary>A shard has one more consumer of a track, which need not exist yet.</summary>
    public void Wanted(ShardPipes by, string room, string trackSid)
    {
        if (shards == 1)
        {
            return;
        }

        lock (_gate)
        {
            Track track = Of(room, trackSid);
            if (!track.Wants.TryGetValue(by, out Want? want))
            {
                want = new Want();
                track.Wants.Add(by, want);
                Open(track, by, want);
            }

            want.Consumers++;
        }
    }

    /// <summary>A shard has one consumer less.</summary>
    public void Unwanted(ShardPipes by, string room, string trackSid)
    {
        if (shards == 1)
        {
            return;
        }

        lock (_gate)
        {
            Track track = _tracks[(room, trackSid)];
            Want want = track.Wants[by];
            if (--want.Consumers == 0)
            {
                want.Close();
                track.Wants.Remove(by);
                Forget(room, trackSid, track);
            }
        }
    }

    private Track Of(string room, string trackSid)
    {
        if (!_tracks.TryGetValue((room, trackSid), out Track? track))
        {
            track = new Track();
            _tracks.Add((room, trackSid), track);
        }

        return track;
    }

    private void Forget(string room, string trackSid, Track track)
    {
        if (track is { Origin: null, Wants.Count: 0 })
        {
            _tracks.Remove((room, trackSid));
        }
    }

    private void Open(Track track, ShardPipes to, Want want)
    {
        if (track.Origin is not { } origin || ReferenceEquals(origin.At, to))
        {
            return;
        }

        want.Lead(new Pipe(origin, to, Ring(origin.At, to), Ring(to, origin.At)));
        to.PostOpen(want.Pipe!, track.IsPaused);
    }

    private PipeRing Ring(ShardPipes from, ShardPipes to)
    {
        if (!_rings.TryGetValue((from, to), out PipeRing? ring))
        {
            ring = new PipeRing();
            _rings.Add((from, to), ring);
            to.AddInlet(ring);
        }

        return ring;
    }

    private sealed class Track
    {
        public PublishedTrack? Origin { get; set; }

        public bool IsPaused { get; set; }

        public Dictionary<ShardPipes, Want> Wants { get; } = [];

        public bool IsFrom(Producer producer) => Origin is { } origin && ReferenceEquals(origin.Producer, producer);

        public void Withdraw()
        {
            Origin = null;
            foreach (Want want in Wants.Values)
            {
                want.Close();
            }
        }
    }

    private sealed class Want
    {
        public int Consumers { get; set; }

        /// <summary>Null while nobody publishes the track, or the publisher is on this shard.</summary>
        public Pipe? Pipe { get; private set; }

        public void Lead(Pipe pipe) => Pipe = pipe;

        public void Close()
        {
            if (Pipe is { } pipe)
            {
                pipe.Close();
                pipe.To.PostClose(pipe);
                Pipe = null;
            }
        }
    }
}

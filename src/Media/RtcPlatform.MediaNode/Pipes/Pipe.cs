using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Shard;

namespace RtcPlatform.MediaNode.Pipes;

/// <summary>
/// One track on its way from the shard that has it to another that wants it. There a copy of its producer with caches of its
/// own serves that shard's consumers, so that a retransmission never comes back to here.
/// </summary>
internal sealed class Pipe
{
    private volatile bool _isClosed;

    /// <param name="track">The track and the shard that has it.</param>
    /// <param name="to">The shard that wants it.</param>
    /// <param name="forth">From the one to the other.</param>
    /// <param name="back">The other way.</param>
    public Pipe(in PublishedTrack track, ShardPipes to, PipeRing forth, PipeRing back)
    {
        Origin = track;
        To = to;
        Forth = forth;
        Back = back;
        Copy = new Producer(track.Producer.TrackSid, track.Producer.Kind, track.Producer.Layers.Length);
        foreach (Layer layer in Copy.Layers)
        {
            layer.Endpoint = new PipedEndpoint(this, layer);
        }
    }

    /// <summary>Touched by its own shard's thread alone.</summary>
    public PublishedTrack Origin { get; }

    public ShardPipes To { get; }

    public PipeRing Forth { get; }

    public PipeRing Back { get; }

    /// <summary>Touched by the thread of <see cref="To"/> alone.</summary>
    public Producer Copy { get; }

    /// <summary>The room there, while the copy is in it; that thread's.</summary>
    public Router? Room { get; set; }

    /// <summary>It ends, whatever of it is still on its way. Any thread.</summary>
    public bool IsClosed => _isClosed;

    public void Close() => _isClosed = true;
}

/// <summary>A track where its publisher is.</summary>
/// <param name="At">The publisher's shard.</param>
/// <param name="Router">The room there.</param>
internal readonly record struct PublishedTrack(ShardPipes At, Router Router, Producer Producer);

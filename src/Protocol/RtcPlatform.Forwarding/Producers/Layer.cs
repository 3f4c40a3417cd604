using RtcPlatform.Forwarding.Caching;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Forwarding.Producers;

/// <summary>One encoding of a published track: the whole track without simulcast, else one of its sizes.</summary>
public sealed class Layer
{
    /// <summary>A layer without a packet for so long is no longer chosen.</summary>
    public static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(1);

    /// <summary>Key frames are asked for at most so often, whoever wants one; asked again until one comes.</summary>
    public static readonly TimeSpan KeyFrameInterval = TimeSpan.FromMilliseconds(500);

    private MonoTime _lastPacket;
    private MonoTime _lastAsked;
    private bool _hasPacket;
    private bool _hasAsked;

    internal Layer(Producer producer, int index)
    {
        Producer = producer;
        Index = index;
        Cache = PacketCache.For(producer.Kind);
    }

    public Producer Producer { get; }

    /// <summary>0 is the lowest.</summary>
    public int Index { get; }

    public PacketCache Cache { get; }

    /// <summary>The publisher's source of this layer, 0 before the first packet.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>The publisher's newest sender report for this layer.</summary>
    public ClockReference Clock { get; internal set; }

    /// <summary>Somebody waits for a key frame of this layer.</summary>
    public bool IsKeyFrameWanted { get; private set; }

    /// <summary>The peer and stream that this layer's packets come from; the shard's own.</summary>
    public object? Endpoint { get; set; }

    public bool IsAlive(MonoTime now) => _hasPacket && now - _lastPacket <= AliveFor;

    /// <summary>When to ask (again) for a key frame.</summary>
    public MonoTime NextDeadline
    {
        get
        {
            if (!IsKeyFrameWanted || Producer.IsPaused)
            {
                return MonoTime.Never;
            }

            return _hasAsked ? _lastAsked + KeyFrameInterval : MonoTime.Zero;
        }
    }

    /// <summary>Somebody needs a key frame; the router asks the publisher when <see cref="TryAsk"/> says so.</summary>
    public void WantKeyFrame() => IsKeyFrameWanted = true;

    /// <summary>True when a request must go out now.</summary>
    internal bool TryAsk(MonoTime now)
    {
        if (now < NextDeadline)
        {
            return false;
        }

        _lastAsked = now;
        _hasAsked = true;
        return true;
    }

    /// <summary>Keeps a packet. False = it is here already, or older than everything kept.</summary>
    /// <param name="slot">For <see cref="PacketCache.Read"/>.</param>
    internal bool TryStore(MonoTime now, scoped in IncomingRtp packet, out int slot)
    {
        _lastPacket = now;
        _hasPacket = true;
        Ssrc = packet.Ssrc;
        if (packet.StartsKeyFrame)
        {
            IsKeyFrameWanted = false;
        }

        var cached = new CachedPacket
        {
            Timestamp = packet.Timestamp, Marker = packet.Marker, Codec = packet.Codec, Payload = packet.Payload, Extensions = packet.Extensions,
        };
        return Cache.TryStore(packet.ExtendedSequence, cached, out slot);
    }

    /// <summary>Another source begins: the numbers and the clock of the former mean nothing any more.</summary>
    internal void Restart(uint ssrc)
    {
        if (Ssrc == ssrc)
        {
            return;
        }

        Cache.Clear();
        Clock = default;
        foreach (Consumer consumer in Producer.Consumers)
        {
            consumer.Forget(this);
        }
    }
}

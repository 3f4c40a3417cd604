using System.Runtime.CompilerServices;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>Takes a router's decisions and does nothing.</summary>
internal struct NoOutput : IForwardOutput
{
    public int Octets;

    public readonly bool TryMapCodec(Consumer consumer, CodecBinding published, out CodecBinding negotiated)
    {
        negotiated = published;
        return true;
    }

    public readonly void Prepare(ReadOnlySpan<Consumer> consumers)
    {
    }

    public void Send(Consumer consumer, scoped in OutgoingRtp packet) => Octets += packet.Payload.Length;

    /// <summary>The rooms here have one shard.</summary>
    public readonly bool Relay(object outlet, Layer layer, scoped in IncomingRtp packet) => true;

    public readonly void RequestKeyFrame(Layer layer)
    {
    }

    public readonly void ClockChanged(Consumer consumer)
    {
    }

    public readonly void ProducerStarted(Producer producer, CodecBinding codec)
    {
    }
}

/// <summary>As the media node's: through the subscriber's peer, encrypted, into a slot.</summary>
internal struct PeerOutput(MonoTime now, SlotSink sink) : IForwardOutput
{
    private SlotSink _sink = sink;

    public int Sent;

    public readonly bool TryMapCodec(Consumer consumer, CodecBinding published, out CodecBinding negotiated)
    {
        negotiated = published;
        return true;
    }

    /// <summary>In a benchmark everything is in the nearest caches anyway.</summary>
    public readonly void Prepare(ReadOnlySpan<Consumer> consumers)
    {
    }

    public void Send(Consumer consumer, scoped in OutgoingRtp packet)
    {
        Subscriber subscriber = Unsafe.As<Subscriber>(consumer.Endpoint!);
        Sent += subscriber.Stream.Send(now, packet, ref _sink) == DropReason.None ? 1 : 0;
    }

    /// <summary>The rooms here have one shard.</summary>
    public readonly bool Relay(object outlet, Layer layer, scoped in IncomingRtp packet) => true;

    public readonly void RequestKeyFrame(Layer layer)
    {
    }

    public readonly void ClockChanged(Consumer consumer)
    {
    }

    public readonly void ProducerStarted(Producer producer, CodecBinding codec)
    {
    }
}

internal sealed class Subscriber(RtcPeer peer)
{
    public RtcPeer Peer { get; } = peer;

    public SendStream Stream { get; } = peer.SendStreams[0];
}

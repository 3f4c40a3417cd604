using System.Runtime.CompilerServices;
using RtcPlatform.Crypto.Memory;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>What a router asks for, done with the shard's peers.</summary>
internal struct ForwardOutput(Shard shard, MonoTime now) : IForwardOutput
{
    // About what a decision reads of one.
    private const int ConsumerOctets = 256;

    private BatchSink _sink = shard.Sink;

    public readonly bool TryMapCodec(Consumer consumer, CodecBinding published, out CodecBinding negotiated)
    {
        bool isMapped = StreamOf(consumer).TryMapCodec(published, out CodecBinding? mine);
        negotiated = mine ?? published;
        return isMapped;
    }

    public readonly void Prepare(ReadOnlySpan<Consumer> consumers)
    {
        foreach (Consumer consumer in consumers)
        {
            CacheHint.Fetch(consumer, ConsumerOctets);
        }

        for (int step = 0; step < SendStream.FetchSteps; step++)
        {
            foreach (Consumer consumer in consumers)
            {
                StreamOf(consumer).Fetch(step);
            }
        }
    }

    public void Send(Consumer consumer, scoped in OutgoingRtp packet) => StreamOf(consumer).Send(now, packet, ref _sink);

    // Every outlet of a shard's producer is a pipe.
    public readonly bool Relay(object outlet, Layer layer, scoped in IncomingRtp packet) =>
        shard.Pipes.Relay(Unsafe.As<Pipe>(outlet), layer.Index, packet);

    public void RequestKeyFrame(Layer layer)
    {
        switch (layer.Endpoint)
        {
            case ReceiveEndpoint endpoint:
                endpoint.Transport.Peer.RequestKeyFrame(now, endpoint.Stream, ref _sink);
                shard.Touch(endpoint.Transport);
                break;
            case PipedEndpoint piped:
                shard.Pipes.RequestKeyFrame(piped.Pipe, layer.Index);
                break;

            // A layer that no packet came from yet has no stream to ask.
        }
    }

    public readonly void ClockChanged(Consumer consumer)
    {
        SendStream target = StreamOf(consumer);
        if (consumer.Current?.Endpoint is LayerSource source && source.TryGetClock(out SenderClock clock))
        {
            target.SetClockReference(clock.Arrival, clock.Ntp, clock.RtpTimestamp + consumer.TimestampOffset);
        }
        else
        {
            target.ClearClockReference();
        }
    }

    public readonly void ProducerStarted(Producer producer, CodecBinding codec) => shard.ProducerStarted(producer, codec);

    // Every consumer of a shard's router was given its stream before it was added.
    private static SendStream StreamOf(Consumer consumer) => Unsafe.As<SendStream>(consumer.Endpoint!);
}

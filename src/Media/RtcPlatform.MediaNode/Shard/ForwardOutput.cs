using System.Runtime.CompilerServices;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>What a router asks for, done with the shard's peers.</summary>
internal struct ForwardOutput(Shard shard, MonoTime now) : IForwardOutput
{
    private BatchSink _sink = shard.Sink;

    public readonly bool TryMapCodec(Consumer consumer, CodecBinding published, out CodecBinding negotiated)
    {
        SendStream stream = ((SendEndpoint)consumer.Endpoint!).Stream;
        bool isMapped = stream.TryMapCodec(published, out CodecBinding? mine);
        negotiated = mine ?? published;
        return isMapped;
    }

    public void Send(Consumer consumer, scoped in OutgoingRtp packet)
    {
        // Every consumer of a shard's router was given its endpoint before it was added.
        SendEndpoint endpoint = Unsafe.As<SendEndpoint>(consumer.Endpoint!);
        endpoint.Peer.SendRtp(now, endpoint.Stream, packet, ref _sink);
    }

    public void RequestKeyFrame(Layer layer)
    {
        // A layer that no packet came from yet has no stream to ask.
        if (layer.Endpoint is ReceiveEndpoint endpoint)
        {
            endpoint.Transport.Peer.RequestKeyFrame(now, endpoint.Stream, ref _sink);
            shard.Touch(endpoint.Transport);
        }
    }

    public readonly void ClockChanged(Consumer consumer)
    {
        SendStream target = ((SendEndpoint)consumer.Endpoint!).Stream;
        if (consumer.Current?.Endpoint is ReceiveEndpoint source
            && source.Stream.TryGetClockReference(out NtpTime ntp, out uint rtp, out MonoTime arrival))
        {
            target.SetClockReference(arrival, ntp, rtp + consumer.TimestampOffset);
        }
        else
        {
            target.ClearClockReference();
        }
    }

    public readonly void ProducerStarted(Producer producer, CodecBinding codec) => shard.ProducerStarted(producer, codec);
}

using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>Where a layer's packets come from: a peer of this shard, or another shard.</summary>
internal abstract class LayerSource
{
    /// <summary>How the publisher's clocks relate; false before its first sender report.</summary>
    public abstract bool TryGetClock(out SenderClock clock);
}

/// <summary>Joins a layer of the router to the stream of the peer that its packets come from.</summary>
internal sealed class ReceiveEndpoint(ShardTransport transport, ReceiveStream stream, Layer layer) : LayerSource
{
    public ShardTransport Transport { get; } = transport;

    public ReceiveStream Stream { get; } = stream;

    public Layer Layer { get; } = layer;

    /// <summary>The stream carries another track when the section was given to one; compared by reference.</summary>
    public string TrackSid { get; } = stream.TrackSid;

    public override bool TryGetClock(out SenderClock clock)
    {
        bool isKnown = Stream.TryGetClockReference(out NtpTime ntp, out uint rtpTimestamp, out MonoTime arrival);
        clock = new SenderClock(ntp, rtpTimestamp, arrival);
        return isKnown;
    }
}

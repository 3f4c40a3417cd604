using RtcPlatform.Engine;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.MediaNode.Transports;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>Joins a layer of the router to the stream of the peer that its packets come from.</summary>
internal sealed class ReceiveEndpoint(ShardTransport transport, ReceiveStream stream, Layer layer)
{
    public ShardTransport Transport { get; } = transport;

    public ReceiveStream Stream { get; } = stream;

    public Layer Layer { get; } = layer;

    /// <summary>The stream carries another track when the section was given to one; compared by reference.</summary>
    public string TrackSid { get; } = stream.TrackSid;
}

/// <summary>Joins a consumer of the router to the stream of the peer that its packets go to.</summary>
internal sealed class SendEndpoint(ShardTransport transport, SendStream stream, Consumer consumer)
{
    public RtcPeer Peer { get; } = transport.Peer;

    public ShardTransport Transport { get; } = transport;

    public SendStream Stream { get; } = stream;

    public Consumer Consumer { get; } = consumer;
}

using RtcPlatform.Engine;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Dtls;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Payload;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// Room two of a packet's way: what it is (RFC 7983), whose it is, and on to the peer and the router. Each datagram is
/// either handled or counted under one reason.
/// </summary>
internal sealed class DatagramDispatch(Shard shard, TransportTable transports, DtlsWorker dtls)
{
    private BatchSink _sink = shard.Sink;

    /// <summary>Refused before a peer was found.</summary>
    public DropCounters Drops { get; } = new();

    public ulong Received { get; private set; }

    public ulong ReceivedBytes { get; private set; }

    public ulong Handled { get; private set; }

    /// <param name="transport">Whose it was; null for a stranger's.</param>
    public void Handle(MonoTime now, in TransportAddress from, Span<byte> datagram, out ShardTransport? transport)
    {
        Received++;
        ReceivedBytes += (ulong)datagram.Length;
        transport = transports.Find(from);
        DatagramKind kind = Demux.Classify(datagram);
        if (kind == DatagramKind.Stun)
        {
            HandleStun(now, from, datagram, ref transport);
            return;
        }

        if (kind is not (DatagramKind.Rtp or DatagramKind.Rtcp or DatagramKind.Dtls))
        {
            Drops.Count(datagram.IsEmpty ? DropReason.DatagramEmpty : DropReason.DatagramUnknownKind);
            return;
        }

        if (transport is null)
        {
            Drops.Count(DropReason.UnknownPeer);
            return;
        }

        switch (kind)
        {
            case DatagramKind.Rtp:
                HandleRtp(now, transport, datagram);
                break;
            case DatagramKind.Rtcp:
                HandleRtcp(now, transport, datagram);
                break;
            default:
                HandleDtls(transport, from, datagram);
                break;
        }
    }

    private void HandleRtp(MonoTime now, ShardTransport transport, Span<byte> datagram)
    {
        if (!transport.Peer.TryReceiveRtp(now, datagram, out ReceivedRtp packet))
        {
            return;
        }

        Handled++;
        ReceiveStream stream = packet.Stream;
        ReceiveEndpoint? endpoint = stream.Owner as ReceiveEndpoint ?? transport.Bind(stream);
        if (endpoint is null)
        {
            transport.Router.Counters.Drops.Count(DropReason.NoConsumer);
            return;
        }

        IncomingRtp incoming = default;
        incoming.ExtendedSequence = packet.ExtendedSequence;
        incoming.Ssrc = stream.Ssrc;
        incoming.Timestamp = packet.View.Timestamp;
        incoming.Marker = packet.View.Marker;
        incoming.Codec = packet.Codec;
        incoming.Payload = packet.View.Payload;
        incoming.Extensions = packet.Extensions;
        if (stream.Kind == MediaKind.Video
            && KeyFrame.IsKeyFrameStart(packet.Codec.Codec, incoming.Payload, incoming.Extensions.DependencyDescriptor))
        {
            incoming.StartsKeyFrame = true;
            stream.KeyFrameSeen();
        }

        var output = new ForwardOutput(shard, now);
        transport.Router.Receive(now, endpoint.Layer, incoming, ref output);
        shard.Outbox.Add(transport.Router);
    }

    private void HandleRtcp(MonoTime now, ShardTransport transport, Span<byte> datagram)
    {
        var events = new RtcpEvents(shard, transport, now);
        Handled += transport.Peer.HandleRtcp(now, datagram, ref _sink, ref events) ? 1UL : 0;
    }

    private void HandleStun(MonoTime now, in TransportAddress from, Span<byte> datagram, ref ShardTransport? transport)
    {
        // The user name comes first: after a reload a client may get the address that another transport had.
        transport = transports.FindByCheck(datagram) ?? transport;
        if (transport is null)
        {
            Drops.Count(DropReason.UnknownPeer);
            return;
        }

        if (!transport.Peer.HandleStun(now, from, datagram, ref _sink))
        {
            return;
        }

        Handled++;
        transports.Confirm(transport, from);
        if (transport.IsDtlsClient && !transport.IsHandshakeStarted)
        {
            transport.IsHandshakeStarted = true;
            dtls.Start(transport.Association, from);
        }
    }

    private void HandleDtls(ShardTransport transport, in TransportAddress from, Span<byte> datagram)
    {
        if (transport.Association != 0 && dtls.TryHandle(transport.Association, from, datagram))
        {
            Handled++;
        }
        else
        {
            Drops.Count(DropReason.DtlsUnexpected);
        }
    }
}

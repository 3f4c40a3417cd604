using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>Sums up a shard's peers and rooms, those that have ended included.</summary>
internal sealed class ShardTotalsKeeper
{
    private readonly DropCounters _ended = new();
    private readonly DropCounters _sum = new();
    private ShardTotals _endedTotals;

    public void Ended(ShardTransport transport) => _ended.Add(transport.Peer.Drops);

    public void Ended(Router router)
    {
        _ended.Add(router.Counters.Drops);
        _endedTotals.Add(router.Counters);
    }

    public void Publish(
        ShardCounters counters, DatagramDispatch dispatch, UdpPort port, ShardPipes pipes, TransportTable transports)
    {
        ShardTotals totals = _endedTotals;
        totals.DatagramsReceived = dispatch.Received;
        totals.DatagramsHandled = dispatch.Handled;
        totals.BytesReceived = dispatch.ReceivedBytes;
        _sum.Clear();
        _sum.Add(_ended);
        _sum.Add(dispatch.Drops);
        _sum.Add(port.Drops);
        _sum.Add(pipes.Drops);
        totals.PacketsPiped = pipes.Received;
        foreach (ShardTransport transport in transports.All)
        {
            _sum.Add(transport.Peer.Drops);
            totals.Transports++;
            totals.Producers += (uint)transport.ProducerCount;
            totals.Consumers += (uint)transport.ConsumerCount;
        }

        foreach (Router router in transports.Routers)
        {
            _sum.Add(router.Counters.Drops);
            totals.Add(router.Counters);
        }

        counters.Publish(totals, _sum);
    }
}

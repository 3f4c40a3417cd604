using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.MediaNode;

/// <summary>Who hears what of a node: the participants of their transports, the rooms and the directory of its loss.</summary>
internal sealed class NodeNews(IGrainFactory grains, string nodeId, ILogger log)
{
    /// <summary>What the node noticed, to whom it concerns; of transports that are not known nobody hears.</summary>
    public async Task Pass(Notification notification, NodeRegister register)
    {
        switch (notification.EventCase)
        {
            case Notification.EventOneofCase.TransportChanged
                when register.Find(notification.TransportChanged.TransportId) is { } transport:
                TransportChanged changed = notification.TransportChanged;
                await Participant(transport).OnTransportChanged(transport.Id, NodeAdoption.StatusOf(changed.State), changed.Reason);
                break;
            case Notification.EventOneofCase.ProducerStarted
                when register.Find(notification.ProducerStarted.TransportId) is { } transport:
                ProducerStarted started = notification.ProducerStarted;
                await grains.GetGrain<IRoomGrain>(transport.RoomKey)
                    .SetTrackCodec(transport.ParticipantSid, started.TrackSid, started.MimeType);
                break;
        }
    }

    /// <summary>The process is gone, with everything on it.</summary>
    public async Task Lost(NodeHello lost, IReadOnlyList<NodeTransport> transports)
    {
        NodeLog.Lost(log, nodeId, lost.InstanceId, transports.Count);
        await grains.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Remove(nodeId);
        foreach (string roomKey in transports.Select(transport => transport.RoomKey).Distinct(StringComparer.Ordinal))
        {
            await grains.GetGrain<IRoomGrain>(roomKey).OnNodeLost(nodeId, lost.InstanceId);
        }

        await Closed(transports, "the media node was lost");
    }

    public async Task Closed(IEnumerable<NodeTransport> transports, string reason)
    {
        foreach (NodeTransport transport in transports)
        {
            await Participant(transport).OnTransportChanged(transport.Id, TransportStatus.Closed, reason);
        }
    }

    private IParticipantGrain Participant(NodeTransport transport) =>
        grains.GetGrain<IParticipantGrain>(transport.ParticipantKey);
}

using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.MediaNode;

/// <summary>
/// After the control plane lost its memory: gives what a node still runs back to the rooms and participants whose it is, and
/// names what nobody wants.
/// </summary>
internal sealed class NodeAdoption(IGrainFactory grains, ILogger log)
{
    /// <returns>The transports that were taken back, and the ids of those to be closed.</returns>
    public async Task<(List<NodeTransport> Kept, List<string> Unwanted)> Run(NodeHello hello)
    {
        var kept = new List<NodeTransport>();
        var unwanted = new List<string>();
        foreach (IGrouping<string, TransportSnapshot> room in hello.Transports.GroupBy(transport => transport.Room, StringComparer.Ordinal))
        {
            await AdoptRoom(hello, room.Key, [.. room], kept, unwanted);
        }

        return (kept, unwanted);
    }

    public static TransportStatus StatusOf(TransportState state) => state switch
    {
        TransportState.Connected => TransportStatus.Connected,
        TransportState.Disconnected => TransportStatus.Disconnected,
        TransportState.Failed => TransportStatus.Failed,
        TransportState.Closed => TransportStatus.Closed,
        _ => TransportStatus.New,
    };

    private async Task AdoptRoom(
        NodeHello hello, string roomKey, TransportSnapshot[] transports, List<NodeTransport> kept, List<string> unwanted)
    {
        var known = new Dictionary<string, (NodeTransport Owner, AdoptedParticipant Adopted)>(StringComparer.Ordinal);
        foreach (TransportSnapshot snapshot in transports)
        {
            byte[] context = snapshot.Context.ToByteArray();
            TransportStatus status = StatusOf(snapshot.State);
            if (status is TransportStatus.Failed or TransportStatus.Closed
                || !IsRoomKey(roomKey)
                || NodeRegister.Of(snapshot.TransportId, roomKey, context) is not { } owner)
            {
                unwanted.Add(snapshot.TransportId);
                continue;
            }

            known[snapshot.TransportId] =
                (owner, new AdoptedParticipant(snapshot.TransportId, context, status, snapshot.OfferId));
        }

        if (known.Count == 0)
        {
            return;
        }

        string[] accepted = await grains.GetGrain<IRoomGrain>(roomKey)
            .Adopt(hello.NodeId, hello.InstanceId, [.. known.Values.Select(entry => entry.Adopted)]);
        unwanted.AddRange(known.Keys.Except(accepted, StringComparer.Ordinal));
        foreach (string transportId in accepted)
        {
            (NodeTransport owner, AdoptedParticipant adopted) = known[transportId];
            bool restored = await grains.GetGrain<IParticipantGrain>(owner.ParticipantKey).Restore(hello.NodeId, adopted);
            if (restored)
            {
                kept.Add(owner);
            }
            else
            {
                NodeLog.NotRestored(log, hello.NodeId, transportId);
                unwanted.Add(transportId);
            }
        }
    }

    private static bool IsRoomKey(string key) => key.Split('/') is [{ Length: > 0 }, { Length: > 0 }];
}

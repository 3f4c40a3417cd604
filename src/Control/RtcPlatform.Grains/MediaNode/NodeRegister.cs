using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Participant;
using RtcPlatform.Media.Contracts;
using Request = RtcPlatform.Media.Contracts.Request;

namespace RtcPlatform.Grains.MediaNode;

/// <summary>Whose a transport is.</summary>
internal sealed record NodeTransport(string Id, string RoomKey, string ParticipantKey, string ParticipantSid);

/// <summary>Remembers which transports are on a node, from what passes by on the control stream.</summary>
internal sealed class NodeRegister
{
    private readonly Dictionary<string, NodeTransport> _byId = new(StringComparer.Ordinal);

    public int Count => _byId.Count;

    public NodeTransport? Find(string transportId) => _byId.GetValueOrDefault(transportId);

    public void Add(NodeTransport transport) => _byId[transport.Id] = transport;

    public void Remove(string transportId) => _byId.Remove(transportId);

    public void Watch(Request request)
    {
        switch (request.CommandCase)
        {
            case Request.CommandOneofCase.OpenTransport
                when Of(request.OpenTransport.TransportId, request.OpenTransport.Room, request.OpenTransport.Context.ToByteArray()) is { } opened:
                Add(opened);
                break;
            case Request.CommandOneofCase.CloseTransport:
                Remove(request.CloseTransport.TransportId);
                break;
        }
    }

    /// <summary>Everything, and forgets it.</summary>
    public IReadOnlyList<NodeTransport> Clear()
    {
        NodeTransport[] all = [.. _byId.Values];
        _byId.Clear();
        return all;
    }

    /// <summary>Null when the context is not one of ours.</summary>
    public static NodeTransport? Of(string transportId, string roomKey, byte[] context) =>
        ParticipantContext.TryRead(context) is { } read
            ? new NodeTransport(
                transportId,
                roomKey,
                GrainKeys.Participant(roomKey, read.Participant.Identity.Value),
                read.Participant.Sid.Value)
            : null;
}

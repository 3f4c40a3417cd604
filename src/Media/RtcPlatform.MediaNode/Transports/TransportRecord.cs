using Google.Protobuf;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>
/// What the control side of the node knows of a transport, enough to tell a new control plane everything. Belongs to the
/// <see cref="TransportRegister"/>, under whose lock it is read and changed.
/// </summary>
public sealed class TransportRecord(string id, string room, Shard.Shard shard, SessionNegotiator negotiator)
{
    public string Id { get; } = id;

    /// <summary>project/room</summary>
    public string Room { get; } = room;

    public Shard.Shard Shard { get; } = shard;

    /// <summary>Used by the request desk alone, one request at a time.</summary>
    public SessionNegotiator Negotiator { get; } = negotiator;

    /// <summary>The control plane's own record of the participant; opaque here.</summary>
    public ByteString Context { get; set; } = ByteString.Empty;

    public TransportState State { get; set; } = TransportState.New;

    public IReadOnlyList<string> Producers { get; set; } = [];

    public IReadOnlyList<string> Consumers { get; set; } = [];

    /// <summary>The last offer that was answered.</summary>
    public ulong OfferId { get; set; }
}

using Google.Protobuf;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>
/// What the control side of the node knows of a transport, enough to tell a new control plane everything. Belongs to the
/// <see cref="TransportRegister"/>, under whose lock it is read and changed.
/// </summary>
/// <param name="shard">Where it is put first; see <see cref="TransportRegister.TryReserve"/>.</param>
public sealed class TransportRecord(string id, string room, int shard, SessionNegotiator negotiator)
{
    public string Id { get; } = id;

    /// <summary>project/room</summary>
    public string Room { get; } = room;

    /// <summary>The index of its shard; fixed from its first negotiation on.</summary>
    public int Shard { get; set; } = shard;

    /// <summary>Used by the request desk alone, one request at a time.</summary>
    public SessionNegotiator Negotiator { get; } = negotiator;

    /// <summary>The control plane's own record of the participant; opaque here.</summary>
    public ByteString Context { get; set; } = ByteString.Empty;

    public TransportState State { get; set; } = TransportState.New;

    /// <summary>What it publishes and receives.</summary>
    public IReadOnlyList<TrackUse> Uses { get; set; } = [];

    /// <summary>The last offer that was answered.</summary>
    public ulong OfferId { get; set; }
}

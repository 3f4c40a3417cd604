using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>
/// What became of a router's packets. Invariant: for every packet, forwarded + relayed + drops = consumers of its track + other
/// shards that want it (or one drop <see cref="DropReason.NoConsumer"/> or <see cref="DropReason.ArrivedTooLate"/>).
/// </summary>
public sealed class ForwardCounters
{
    /// <summary>Packets taken in from publishers, here or on another shard.</summary>
    public ulong Received;

    /// <summary>Those of <see cref="Received"/> that another shard relayed.</summary>
    public ulong Piped;

    /// <summary>Copies handed to other shards.</summary>
    public ulong Relayed;

    /// <summary>Copies handed to subscribers, retransmissions not included.</summary>
    public ulong Forwarded;

    /// <summary>Payload octets of <see cref="Forwarded"/>.</summary>
    public ulong ForwardedBytes;

    /// <summary>Packets found in a cache for a NACK.</summary>
    public ulong Resent;

    /// <summary>Sequence numbers that a NACK named and the publisher's packet had never arrived.</summary>
    public ulong NeverArrived;

    /// <summary>Key frames asked of publishers, or of the shard that has them.</summary>
    public ulong KeyFrameRequests;

    public DropCounters Drops { get; } = new();
}

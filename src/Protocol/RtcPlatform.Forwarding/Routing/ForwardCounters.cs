using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>
/// What became of a router's packets. Invariant: for every packet, forwarded + drops = consumers of its track (or one drop
/// <see cref="DropReason.NoConsumer"/> or <see cref="DropReason.ArrivedTooLate"/>).
/// </summary>
public sealed class ForwardCounters
{
    /// <summary>Packets taken in from publishers.</summary>
    public ulong Received;

    /// <summary>Copies handed to subscribers, retransmissions not included.</summary>
    public ulong Forwarded;

    /// <summary>Payload octets of <see cref="Forwarded"/>.</summary>
    public ulong ForwardedBytes;

    /// <summary>Packets found in a cache for a NACK.</summary>
    public ulong Resent;

    /// <summary>Sequence numbers that a NACK named and the publisher's packet had never arrived.</summary>
    public ulong NeverArrived;

    /// <summary>Key frames asked of publishers.</summary>
    public ulong KeyFrameRequests;

    public DropCounters Drops { get; } = new();
}

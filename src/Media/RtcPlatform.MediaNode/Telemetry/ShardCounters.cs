using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.MediaNode.Telemetry;

/// <summary>A shard's counts since its start, written by its thread about ten times a second and read by any.</summary>
public sealed class ShardCounters
{
    private readonly ulong[] _drops = new ulong[DropCounters.ReasonCount];
    private ulong _datagramsReceived;
    private ulong _datagramsHandled;
    private ulong _packetsReceived;
    private ulong _packetsForwarded;
    private ulong _packetsRelayed;
    private ulong _packetsPiped;
    private ulong _bytesReceived;
    private ulong _bytesForwarded;
    private ulong _resent;
    private ulong _keyFrameRequests;
    private long _allocatedBytes;
    private uint _transports;
    private uint _producers;
    private uint _consumers;
    private ulong _generation;

    public ulong DatagramsReceived => Volatile.Read(ref _datagramsReceived);

    /// <summary>Datagrams that a peer took; the rest were refused and are among the drops.</summary>
    public ulong DatagramsHandled => Volatile.Read(ref _datagramsHandled);

    /// <summary>Authentic RTP packets of this shard's publishers.</summary>
    public ulong PacketsReceived => Volatile.Read(ref _packetsReceived);

    public ulong PacketsForwarded => Volatile.Read(ref _packetsForwarded);

    /// <summary>Copies handed to other shards, which have consumers of the track.</summary>
    public ulong PacketsRelayed => Volatile.Read(ref _packetsRelayed);

    /// <summary>Copies that other shards handed over: on all shards together as many as were relayed.</summary>
    public ulong PacketsPiped => Volatile.Read(ref _packetsPiped);

    public ulong BytesReceived => Volatile.Read(ref _bytesReceived);

    public ulong BytesForwarded => Volatile.Read(ref _bytesForwarded);

    public ulong Resent => Volatile.Read(ref _resent);

    public ulong KeyFrameRequests => Volatile.Read(ref _keyFrameRequests);

    /// <summary>By the shard's thread since it started.</summary>
    public long AllocatedBytes => Volatile.Read(ref _allocatedBytes);

    public uint Transports => Volatile.Read(ref _transports);

    public uint Producers => Volatile.Read(ref _producers);

    public uint Consumers => Volatile.Read(ref _consumers);

    /// <summary>Rises with every publication.</summary>
    public ulong Generation => Volatile.Read(ref _generation);

    public ulong Dropped(DropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void Publish(in ShardTotals totals, DropCounters drops)
    {
        ReadOnlySpan<ulong> counts = drops.AsSpan();
        for (int reason = 0; reason < counts.Length; reason++)
        {
            Volatile.Write(ref _drops[reason], counts[reason]);
        }

        Volatile.Write(ref _datagramsReceived, totals.DatagramsReceived);
        Volatile.Write(ref _datagramsHandled, totals.DatagramsHandled);
        Volatile.Write(ref _packetsReceived, totals.PacketsReceived);
        Volatile.Write(ref _packetsForwarded, totals.PacketsForwarded);
        Volatile.Write(ref _packetsRelayed, totals.PacketsRelayed);
        Volatile.Write(ref _packetsPiped, totals.PacketsPiped);
        Volatile.Write(ref _bytesReceived, totals.BytesReceived);
        Volatile.Write(ref _bytesForwarded, totals.BytesForwarded);
        Volatile.Write(ref _resent, totals.Resent);
        Volatile.Write(ref _keyFrameRequests, totals.KeyFrameRequests);
        Volatile.Write(ref _transports, totals.Transports);
        Volatile.Write(ref _producers, totals.Producers);
        Volatile.Write(ref _consumers, totals.Consumers);
        Volatile.Write(ref _allocatedBytes, GC.GetAllocatedBytesForCurrentThread());
        Volatile.Write(ref _generation, _generation + 1);
    }
}

/// <summary>The sums that a shard publishes.</summary>
internal struct ShardTotals
{
    public ulong DatagramsReceived;
    public ulong DatagramsHandled;
    public ulong PacketsReceived;
    public ulong PacketsForwarded;
    public ulong PacketsRelayed;
    public ulong PacketsPiped;
    public ulong BytesReceived;
    public ulong BytesForwarded;
    public ulong Resent;
    public ulong KeyFrameRequests;
    public uint Transports;
    public uint Producers;
    public uint Consumers;

    /// <summary>Adds what a router counted, when it ends or when the sums are made.</summary>
    public void Add(Forwarding.Routing.ForwardCounters counters)
    {
        PacketsReceived += counters.Received - counters.Piped;
        PacketsRelayed += counters.Relayed;
        PacketsForwarded += counters.Forwarded;
        BytesForwarded += counters.ForwardedBytes;
        Resent += counters.Resent;
        KeyFrameRequests += counters.KeyFrameRequests;
    }
}

using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>The seam to the operating system: one call per batch, so that the call may be virtual.</summary>
internal interface IUdpSystem : IDisposable
{
    /// <summary>Fills the batch, waiting at most <paramref name="timeout"/> for a first datagram or for <see cref="Wake"/>.</summary>
    void Receive(ReceiveBatch batch, TimeSpan timeout, DropCounters drops);

    /// <summary>Sends every slot; those that the kernel refuses are counted and skipped.</summary>
    /// <returns>How many messages went down the network stack: fewer than datagrams where several travel as one.</returns>
    int Send(SendBatch batch, DropCounters drops);

    bool TrySend(in TransportAddress to, ReadOnlySpan<byte> datagram);

    void Wake();
}

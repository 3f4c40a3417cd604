using BenchmarkDotNet.Attributes;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Benchmarks.Sockets;

/// <summary>A datagram's way through the send batch, without the system call at its end.</summary>
[MemoryDiagnoser]
public class SendBatchBenchmarks
{
    private const int Capacity = 256;
    private const int Datagram = 1124;

    private readonly TransportAddress _to = TransportAddress.FromIPv4(0x7F00_0001, 7_000);

    private SendBatch _batch = null!;

    [GlobalSetup]
    public void Setup() => _batch = new SendBatch(new NoSystem(), new DropCounters(), Capacity);

    [GlobalCleanup]
    public void Cleanup() => _batch.Dispose();

    /// <summary>Rent, touch, commit; each 256th flushes.</summary>
    [Benchmark]
    public int FillSlot()
    {
        Span<byte> slot = _batch.Rent();
        slot[0] = 0x80;
        _batch.Commit(_to, Datagram);
        return slot.Length;
    }

    private sealed class NoSystem : IUdpSystem
    {
        public void Receive(ReceiveBatch batch, TimeSpan timeout, DropCounters drops)
        {
        }

        public int Send(SendBatch batch, DropCounters drops) => batch.Count;

        public bool TrySend(in TransportAddress to, ReadOnlySpan<byte> datagram) => true;

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }
}

using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// Collects outgoing datagrams and sends them with few system calls. Belongs to the thread of its port. A full batch is
/// flushed by the next <see cref="Rent"/>.
/// </summary>
public sealed class SendBatch : IDatagramSink, IDisposable
{
    // Ciphers that work in wide blocks may write past the end of a packet.
    private const int Slack = 128;

    private readonly IUdpSystem _system;
    private readonly DropCounters _drops;
    private readonly SlotMemory _memory;
    private readonly TransportAddress[] _addresses;
    private readonly int[] _lengths;

    internal SendBatch(IUdpSystem system, DropCounters drops, int capacity)
    {
        _system = system;
        _drops = drops;
        _memory = new SlotMemory(capacity, IDatagramSink.SlotSize + Slack);
        _addresses = new TransportAddress[capacity];
        _lengths = new int[capacity];
    }

    /// <summary>How many datagrams wait for <see cref="Flush"/>.</summary>
    public int Count { get; private set; }

    public int Capacity => _lengths.Length;

    /// <summary>Datagrams handed to the kernel since the start, those it refused included.</summary>
    public ulong DatagramsFlushed { get; private set; }

    /// <summary>What they were sent as: messages down the network stack, each of one or more datagrams.</summary>
    public ulong MessagesFlushed { get; private set; }

    public ulong BytesFlushed { get; private set; }

    internal SlotMemory Memory => _memory;

    public Span<byte> Rent()
    {
        if (Count == _lengths.Length)
        {
            Flush();
        }

        return _memory.Span(Count, _memory.SlotSize);
    }

    public void Commit(in TransportAddress to, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_memory.SlotSize);
        _addresses[Count] = to;
        _lengths[Count] = length;
        Count++;
        BytesFlushed += (ulong)length;
    }

    /// <summary>Sends what was committed. Datagrams that the kernel refuses are counted as <see cref="DropReason.SendError"/>.</summary>
    public void Flush()
    {
        if (Count == 0)
        {
            return;
        }

        DatagramsFlushed += (ulong)Count;
        MessagesFlushed += (ulong)_system.Send(this, _drops);
        Count = 0;
    }

    public void Dispose() => _memory.Dispose();

    internal ref readonly TransportAddress Address(int slot) => ref _addresses[slot];

    internal int Length(int slot) => _lengths[slot];
}

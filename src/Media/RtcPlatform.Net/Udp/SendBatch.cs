using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// Collects outgoing datagrams and sends them with few system calls. Belongs to the thread of its port. A full batch is
/// flushed by the next <see cref="Rent"/>. The datagrams lie one behind the other: what waits stays in a core's cache, and
/// those that travel as one message are one piece of memory.
/// </summary>
public sealed class SendBatch : IDatagramSink, IDisposable
{
    // A longest datagram and some slack: ciphers that work in wide blocks may write past the end of a packet.
    private const int RentedLength = IDatagramSink.SlotSize + 128;

    // A fraction of a second-level cache: the kernel reads what the cipher has just written.
    private const int MostOctets = 256 * 1024;

    private readonly IUdpSystem _system;
    private readonly DropCounters _drops;
    private readonly NativeOctets _octets;
    private readonly TransportAddress[] _addresses;

    // Where each datagram starts, and behind the last where the next will.
    private readonly int[] _starts;

    internal SendBatch(IUdpSystem system, DropCounters drops, int capacity)
    {
        _system = system;
        _drops = drops;
        _octets = new NativeOctets(Math.Min(capacity * RentedLength, MostOctets));
        _addresses = new TransportAddress[capacity];
        _starts = new int[capacity + 1];
    }

    /// <summary>Called before each flush that sends something: what was left to do on the waiting datagrams.</summary>
    public Action? BeforeFlush { get; set; }

    /// <summary>How many datagrams wait for <see cref="Flush"/>.</summary>
    public int Count { get; private set; }

    public int Capacity => _addresses.Length;

    /// <summary>Datagrams handed to the kernel since the start, those it refused included.</summary>
    public ulong DatagramsFlushed { get; private set; }

    /// <summary>What they were sent as: messages down the network stack, each of one or more datagrams.</summary>
    public ulong MessagesFlushed { get; private set; }

    public ulong BytesFlushed { get; private set; }

    public Span<byte> Rent()
    {
        if (Count == Capacity || _starts[Count] + RentedLength > _octets.Length)
        {
            Flush();
        }

        return _octets.Span(_starts[Count], RentedLength);
    }

    public void Commit(in TransportAddress to, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)(length - 1), (uint)RentedLength, nameof(length));
        _addresses[Count] = to;
        _starts[Count + 1] = _starts[Count] + length;
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

        BeforeFlush?.Invoke();
        DatagramsFlushed += (ulong)Count;
        MessagesFlushed += (ulong)_system.Send(this, _drops);
        Count = 0;
    }

    public void Dispose() => _octets.Dispose();

    internal ref readonly TransportAddress Address(int slot) => ref _addresses[slot];

    internal ReadOnlySpan<byte> Datagram(int slot) => _octets.Span(_starts[slot], Length(slot));

    internal unsafe byte* Pointer(int slot) => _octets.Pointer(_starts[slot]);

    internal int Length(int slot) => _starts[slot + 1] - _starts[slot];
}

using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>The datagrams of one receive call; valid until the next.</summary>
internal sealed class ReceiveBatch(int capacity) : IDisposable
{
    /// <summary>The longest datagram that is accepted. Media stays under 1,500; DTLS and STUN far below.</summary>
    public const int LongestDatagram = 1920;

    // One octet more than the longest datagram shows truncation on systems that do not report it; the rest up to a power of
    // two is slack behind the data.
    private const int SlotSize = 2048;

    private readonly int[] _lengths = new int[capacity];
    private readonly TransportAddress[] _sources = new TransportAddress[capacity];
    private readonly int[] _slots = new int[capacity];

    public SlotMemory Memory { get; } = new(capacity, SlotSize);

    public int Capacity { get; } = capacity;

    public int Count { get; private set; }

    public Span<byte> Packet(int index) => Memory.Span(_slots[index], _lengths[index]);

    public ref readonly TransportAddress Source(int index) => ref _sources[index];

    public void Clear() => Count = 0;

    public void Add(int slot, int length, in TransportAddress source)
    {
        _slots[Count] = slot;
        _lengths[Count] = length;
        _sources[Count] = source;
        Count++;
    }

    public void Dispose() => Memory.Dispose();
}

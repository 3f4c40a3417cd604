namespace RtcPlatform.Net.Udp;

/// <summary>A row of equal slots in native memory, each starting on a cache line.</summary>
internal sealed unsafe class SlotMemory : IDisposable
{
    private readonly NativeOctets _octets;

    public SlotMemory(int count, int slotSize)
    {
        SlotSize = (slotSize + NativeOctets.CacheLine - 1) / NativeOctets.CacheLine * NativeOctets.CacheLine;
        _octets = new NativeOctets((nint)count * SlotSize);
    }

    public int SlotSize { get; }

    public byte* Pointer(int slot) => _octets.Pointer((nint)slot * SlotSize);

    public Span<byte> Span(int slot, int length) => _octets.Span((nint)slot * SlotSize, length);

    public void Dispose() => _octets.Dispose();
}

using System.Runtime.InteropServices;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// A row of equal slots in native memory, each starting on a cache line: the garbage collector neither moves nor scans them,
/// and the kernel reads and writes them in place.
/// </summary>
internal sealed unsafe class SlotMemory : IDisposable
{
    private const int CacheLine = 64;

    private byte* _memory;

    public SlotMemory(int count, int slotSize)
    {
        SlotSize = (slotSize + CacheLine - 1) / CacheLine * CacheLine;
        nuint size = (nuint)count * (nuint)SlotSize;
        _memory = (byte*)NativeMemory.AlignedAlloc(size, CacheLine);
        NativeMemory.Clear(_memory, size);
    }

    public int SlotSize { get; }

    public byte* Pointer(int slot) => _memory + ((nint)slot * SlotSize);

    public Span<byte> Span(int slot, int length) => new(Pointer(slot), length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}

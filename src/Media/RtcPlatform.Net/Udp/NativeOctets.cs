using System.Runtime.InteropServices;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// A zeroed piece of native memory that starts on a cache line: the garbage collector neither moves nor scans it, and the
/// kernel reads and writes it in place.
/// </summary>
internal sealed unsafe class NativeOctets : IDisposable
{
    public const int CacheLine = 64;

    private byte* _memory;

    public NativeOctets(nint length)
    {
        Length = length;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, CacheLine);
        NativeMemory.Clear(_memory, (nuint)length);
    }

    public nint Length { get; }

    public byte* Pointer(nint offset) => _memory + offset;

    public Span<byte> Span(nint offset, int length) => new(_memory + offset, length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}

using System.Security.Cryptography;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>Pinned memory of one key, aligned to cache lines and cleared on Dispose; freed by the garbage collector.</summary>
internal sealed unsafe class KeyMemory : IDisposable
{
    private const int Alignment = 64;

    private readonly byte[] _memory;

    public KeyMemory(int length)
    {
        _memory = GC.AllocateArray<byte>(length + Alignment, pinned: true);
        fixed (byte* memoryAt = _memory)
        {
            Start = (byte*)(((nuint)memoryAt + Alignment - 1) & ~(nuint)(Alignment - 1));
        }
    }

    /// <summary>Valid while this object is reachable.</summary>
    public byte* Start { get; }

    public void Dispose() => CryptographicOperations.ZeroMemory(_memory);
}

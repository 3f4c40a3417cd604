using System.Runtime.Intrinsics;
using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>AES-128 or AES-256 in counter mode under one key (RFC 3711 section 4.1.1, RFC 6188 section 2).</summary>
internal sealed unsafe class AesCtrKey : IDisposable
{
    private readonly EvpCipher? _evp;
    private readonly KeyMemory? _memory;
    private readonly int _rounds;
    private readonly bool _wide;

    public AesCtrKey(ReadOnlySpan<byte> key)
        : this(key, CipherKernels.Best)
    {
    }

    /// <param name="key">16 or 32 bytes.</param>
    public AesCtrKey(ReadOnlySpan<byte> key, CipherKernel kernel)
    {
        if (kernel == CipherKernel.OpenSsl)
        {
            _evp = new EvpCipher(key.Length == 32 ? LibCrypto.EVP_aes_256_ctr() : LibCrypto.EVP_aes_128_ctr(), key);
            return;
        }

        _wide = kernel == CipherKernel.Wide;
        _memory = new KeyMemory(AesBlocks.RoundKeysLength);
        _rounds = AesBlocks.Expand(key, _memory.Start);
    }

    /// <summary>
    /// Xors the key stream that starts at the 16-byte counter block onto the source. The counter's last two bytes start at
    /// 0 and count at most 65,536 blocks.
    /// </summary>
    /// <param name="destination">As long as the source; the same memory or none of it.</param>
    public void Transform(Vector128<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (_memory is null)
        {
            _evp!.Transform(counter, source, destination);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length, nameof(destination));
        fixed (byte* sourceAt = source, destinationAt = destination)
        {
            CtrKernel.Transform(_memory.Start, _rounds, counter, sourceAt, destinationAt, source.Length, _wide);
        }

        GC.KeepAlive(_memory);
    }

    public void Dispose()
    {
        _evp?.Dispose();
        _memory?.Dispose();
    }
}

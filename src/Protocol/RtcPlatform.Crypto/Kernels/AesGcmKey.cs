using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// AES-GCM with 12-byte IV and 16-byte tag under one key (NIST SP 800-38D). Counter mode and GHASH run one after the other:
/// a packet fits the first-level cache, and so a tag is known to be right before a byte is decrypted.
/// </summary>
internal sealed unsafe class AesGcmKey : IDisposable
{
    public const int IvLength = 12;
    public const int TagLength = 16;

    /// <summary>Behind the round keys, on a cache line of their own.</summary>
    private const int PowersAt = 256;

    private readonly EvpCipher? _evp;
    private readonly KeyMemory? _memory;
    private readonly int _rounds;
    private readonly bool _wide;

    /// <param name="key">16 or 32 bytes.</param>
    public AesGcmKey(ReadOnlySpan<byte> key, CipherKernel kernel)
    {
        if (kernel == CipherKernel.OpenSsl)
        {
            _evp = new EvpCipher(key.Length == 32 ? LibCrypto.EVP_aes_256_gcm() : LibCrypto.EVP_aes_128_gcm(), key);
            return;
        }

        _wide = kernel == CipherKernel.Wide;
        _memory = new KeyMemory(PowersAt + GhashKernel.TableLength);
        _rounds = AesBlocks.Expand(key, _memory.Start);
        GhashKernel.Prepare(AesBlocks.Encrypt(Vector128<byte>.Zero, _memory.Start, _rounds), _memory.Start + PowersAt);
    }

    /// <summary>Reads the source, which is not changed, and writes ciphertext and tag.</summary>
    /// <param name="first">The first counter block: 12-byte IV, never twice under one key, and the counter 1.</param>
    /// <param name="destination">Exactly source + 16 bytes.</param>
    public void Encrypt(Vector128<byte> first, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length + TagLength, nameof(destination));
        if (_memory is null)
        {
            _evp!.Seal(first, associated, source, destination, TagLength);
            return;
        }

        var keys = _memory.Start;
        fixed (byte* associatedAt = associated, sourceAt = source, destinationAt = destination)
        {
            var mask = AesBlocks.Encrypt(first, keys, _rounds);
            CtrKernel.Transform(keys, _rounds, Second(first), sourceAt, destinationAt, source.Length, _wide);
            var hash = GhashKernel.Hash(keys + PowersAt, associatedAt, associated.Length, destinationAt, source.Length, _wide);
            (hash ^ mask).Store(destinationAt + source.Length);
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>Checks the tag in constant time and then decrypts in place.</summary>
    /// <param name="bodyAndTag">Ciphertext and tag, 16 bytes or more.</param>
    /// <returns>False when the tag is wrong; the body is unchanged then (the OpenSSL kernel alone scrambles it).</returns>
    public bool TryDecryptInPlace(Vector128<byte> first, ReadOnlySpan<byte> associated, Span<byte> bodyAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bodyAndTag.Length, TagLength, nameof(bodyAndTag));
        if (_memory is null)
        {
            return _evp!.TryOpen(first, associated, bodyAndTag, TagLength);
        }

        var keys = _memory.Start;
        var length = bodyAndTag.Length - TagLength;
        bool authentic;
        fixed (byte* associatedAt = associated, bodyAt = bodyAndTag)
        {
            var mask = AesBlocks.Encrypt(first, keys, _rounds);
            var hash = GhashKernel.Hash(keys + PowersAt, associatedAt, associated.Length, bodyAt, length, _wide);
            // One comparison of the whole vector: no time depends on where the tags differ.
            authentic = (hash ^ mask) == Vector128.Load(bodyAt + length);
            if (authentic)
            {
                CtrKernel.Transform(keys, _rounds, Second(first), bodyAt, bodyAt, length, _wide);
            }
        }

        GC.KeepAlive(_memory);
        return authentic;
    }

    public void Dispose()
    {
        _evp?.Dispose();
        _memory?.Dispose();
    }

    /// <summary>J0 of SP 800-38D section 7.1: 12-byte IV, then the 32-bit counter 1. Its encryption masks the tag.</summary>
    public static Vector128<byte> FirstCounter(ReadOnlySpan<byte> iv)
    {
        Span<byte> block = stackalloc byte[16];
        iv[..IvLength].CopyTo(block);
        block[12..15].Clear();
        block[15] = 1;
        return Vector128.Create<byte>(block);
    }

    /// <summary>The text starts at counter 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Second(Vector128<byte> first) => first ^ Vector128.Create(0UL, 3UL << 56).AsByte();
}

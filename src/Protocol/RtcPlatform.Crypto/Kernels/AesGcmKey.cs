using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RtcPlatform.Crypto.Memory;
using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// AES-GCM with 12-byte IV and 16-byte tag under one key (NIST SP 800-38D). The wide kernel does both halves at once; in
/// the narrow one counter mode and GHASH run one after the other. A value, so that a sender reaches its keys in one step.
/// </summary>
internal readonly unsafe struct AesGcmKey : IDisposable
{
    public const int IvLength = 12;
    public const int TagLength = 16;

    private readonly EvpCipher? _evp;
    private readonly KeyMemory? _memory;
    private readonly byte* _keys;
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
        _memory = new KeyMemory(GcmKeyLayout.Length(key.Length));
        _keys = _memory.Start;
        var roundKeys = _keys + GcmKeyLayout.RoundKeysAt;
        _rounds = AesBlocks.Expand(key, roundKeys);
        GhashKernel.Prepare(AesBlocks.Encrypt(Vector128<byte>.Zero, roundKeys, _rounds), _keys);
    }

    /// <summary>Has the processor fetch the key.</summary>
    public void Fetch() => CacheHint.Fetch(_keys, GcmKeyLayout.Length(16));

    /// <summary>Reads the source, which is not changed, and writes ciphertext and tag.</summary>
    /// <param name="first">The first counter block: 12-byte IV, never twice under one key, and the counter 1.</param>
    /// <param name="destination">Exactly source + 16 bytes.</param>
    public void Encrypt(Vector128<byte> first, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length != source.Length + TagLength)
        {
            ThrowWrongLength(nameof(destination));
        }

        if (!UsesWide(source.Length))
        {
            EncryptOtherwise(first, associated, source, destination);
            return;
        }

        fixed (byte* associatedAt = associated, sourceAt = source, destinationAt = destination)
        {
            WideGcmKernel.Transform(
                _keys, _rounds, first, associatedAt, associated.Length, sourceAt, destinationAt, source.Length, opening: false)
                .Store(destinationAt + source.Length);
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>
    /// Decrypts in place and checks the tag in constant time. Plaintext that is not authentic may stand in the body
    /// meanwhile, never after the return: see docs/adr/0003.
    /// </summary>
    /// <param name="bodyAndTag">Ciphertext and tag, 16 bytes or more.</param>
    /// <returns>False when the tag is wrong; the bytes are then what they were.</returns>
    public bool TryDecryptInPlace(Vector128<byte> first, ReadOnlySpan<byte> associated, Span<byte> bodyAndTag)
    {
        var length = bodyAndTag.Length - TagLength;
        if (length < 0)
        {
            ThrowWrongLength(nameof(bodyAndTag));
        }

        if (!UsesWide(length))
        {
            return TryDecryptOtherwise(first, associated, bodyAndTag);
        }

        bool authentic;
        fixed (byte* associatedAt = associated, bodyAt = bodyAndTag)
        {
            authentic = OpenWide(first, associatedAt, associated.Length, bodyAt, length);
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

    private bool UsesWide(int length) => _wide && length <= WideGcmKernel.MaximumLength;

    /// <summary>Decrypts while it hashes. What is not authentic is encrypted again, and so is what it was.</summary>
    private bool OpenWide(Vector128<byte> first, byte* associated, int associatedLength, byte* body, int length)
    {
        var tag = WideGcmKernel.Transform(_keys, _rounds, first, associated, associatedLength, body, body, length, opening: true);
        // One comparison of the whole vector: no time depends on where the tags differ.
        if (tag == Vector128.Load(body + length))
        {
            return true;
        }

        _ = WideGcmKernel.Transform(_keys, _rounds, first, associated, associatedLength, body, body, length, opening: false);
        return false;
    }

    /// <summary>The other kernels stand apart, so that their locals and foreign calls lengthen no wide packet's way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EncryptOtherwise(Vector128<byte> first, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (_keys == null)
        {
            _evp!.Seal(first, associated, source, destination, TagLength);
            return;
        }

        fixed (byte* associatedAt = associated, sourceAt = source, destinationAt = destination)
        {
            var roundKeys = _keys + GcmKeyLayout.RoundKeysAt;
            CtrKernel.Transform(roundKeys, _rounds, Second(first), sourceAt, destinationAt, source.Length, _wide);
            var tag = GhashKernel.Hash(_keys, associatedAt, associated.Length, destinationAt, source.Length)
                ^ AesBlocks.Encrypt(first, roundKeys, _rounds);
            tag.Store(destinationAt + source.Length);
        }

        GC.KeepAlive(_memory);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryDecryptOtherwise(Vector128<byte> first, ReadOnlySpan<byte> associated, Span<byte> bodyAndTag)
    {
        if (_keys == null)
        {
            return _evp!.TryOpen(first, associated, bodyAndTag, TagLength);
        }

        var length = bodyAndTag.Length - TagLength;
        bool authentic;
        fixed (byte* associatedAt = associated, bodyAt = bodyAndTag)
        {
            var roundKeys = _keys + GcmKeyLayout.RoundKeysAt;
            var tag = GhashKernel.Hash(_keys, associatedAt, associated.Length, bodyAt, length)
                ^ AesBlocks.Encrypt(first, roundKeys, _rounds);
            authentic = tag == Vector128.Load(bodyAt + length);
            if (authentic)
            {
                CtrKernel.Transform(roundKeys, _rounds, Second(first), bodyAt, bodyAt, length, _wide);
            }
        }

        GC.KeepAlive(_memory);
        return authentic;
    }

    [DoesNotReturn]
    private static void ThrowWrongLength(string parameter) =>
        throw new ArgumentOutOfRangeException(parameter, "Text and tag do not fit each other.");

    /// <summary>The text starts at counter 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Second(Vector128<byte> first) => first ^ Vector128.Create(0UL, 3UL << 56).AsByte();
}

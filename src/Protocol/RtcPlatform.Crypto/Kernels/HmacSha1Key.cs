using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// HMAC-SHA1 under one key (RFC 2104), with the states after the inner and the outer pad saved, so that a message costs
/// no key block. The compression function is libcrypto's (SHA-NI where the CPU has it).
/// </summary>
internal sealed unsafe class HmacSha1Key : IDisposable
{
    private const int BlockLength = 64;
    private const int DigestLength = 20;

    /// <summary>Length of SHA_CTX in sha.h.</summary>
    private const int StateLength = 96;

    private ShaState _inner;
    private ShaState _outer;

    /// <param name="key">At most 64 bytes, or longer keys hashed first as RFC 2104 asks.</param>
    public HmacSha1Key(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        if (key.Length > BlockLength)
        {
            HashLongKey(key, block);
        }
        else
        {
            key.CopyTo(block);
        }

        Absorb(block, 0x36, ref _inner);
        Absorb(block, 0x5c, ref _outer);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>The leftmost bytes of HMAC(message || trailer), as many as <paramref name="tag"/> has room for, at most 20.</summary>
    public void Compute(ReadOnlySpan<byte> message, ReadOnlySpan<byte> trailer, Span<byte> tag)
    {
        var digest = stackalloc byte[DigestLength];
        Digest(message, trailer, digest);
        new ReadOnlySpan<byte>(digest, tag.Length).CopyTo(tag);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> tag)
    {
        var digest = stackalloc byte[DigestLength];
        Digest(message, trailer, digest);
        return CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(digest, tag.Length), tag);
    }

    /// <summary>The states after the inner pad and after the outer one: the five words that SHA_CTX begins with.</summary>
    /// <param name="stride">Words from one word of a state to the next.</param>
    public void CopyStates(uint* inner, uint* outer, int stride)
    {
        for (var word = 0; word < DigestLength / sizeof(uint); word++)
        {
            inner[word * stride] = _inner[word];
            outer[word * stride] = _outer[word];
        }
    }

    public void Dispose()
    {
        _inner = default;
        _outer = default;
    }

    [SkipLocalsInit]
    private void Digest(ReadOnlySpan<byte> message, ReadOnlySpan<byte> trailer, byte* digest)
    {
        var state = _inner;
        fixed (byte* messageAt = message, trailerAt = trailer)
        {
            _ = LibCrypto.SHA1_Update(&state, messageAt, (nuint)message.Length);
            if (!trailer.IsEmpty)
            {
                _ = LibCrypto.SHA1_Update(&state, trailerAt, (nuint)trailer.Length);
            }
        }

        _ = LibCrypto.SHA1_Final(digest, &state);
        state = _outer;
        _ = LibCrypto.SHA1_Update(&state, digest, DigestLength);
        _ = LibCrypto.SHA1_Final(digest, &state);
    }

    private static void Absorb(ReadOnlySpan<byte> block, byte pad, ref ShaState saved)
    {
        var padded = stackalloc byte[BlockLength];
        for (var i = 0; i < BlockLength; i++)
        {
            padded[i] = (byte)(block[i] ^ pad);
        }

        ShaState state;
        _ = LibCrypto.SHA1_Init(&state);
        _ = LibCrypto.SHA1_Update(&state, padded, BlockLength);
        saved = state;
        CryptographicOperations.ZeroMemory(new Span<byte>(padded, BlockLength));
    }

    private static void HashLongKey(ReadOnlySpan<byte> key, Span<byte> block)
    {
        ShaState state;
        _ = LibCrypto.SHA1_Init(&state);
        fixed (byte* keyAt = key, blockAt = block)
        {
            _ = LibCrypto.SHA1_Update(&state, keyAt, (nuint)key.Length);
            _ = LibCrypto.SHA1_Final(blockAt, &state);
        }
    }

    [InlineArray(StateLength / sizeof(uint))]
    private struct ShaState
    {
        private uint _word;
    }
}

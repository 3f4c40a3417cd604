using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// What protects the packets of one kind (RTP or RTCP) in one direction: cipher, MAC and salt of a profile. A value inside
/// its sender or receiver: a fan-out that takes another sender for every packet then loads fewer cache lines.
/// </summary>
internal readonly struct PacketKey : IDisposable
{
    private readonly ulong _saltHigh;
    private readonly ulong _saltLow;

    public PacketKey(
        SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> authentication, CipherKernel kernel)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        // The GCM IV starts two bytes earlier than the CM one (RFC 7714 section 8.1, RFC 3711 section 4.1.1); shifting its
        // salt by two lets one formula serve both.
        salt.CopyTo(padded[(14 - salt.Length)..]);
        _saltHigh = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _saltLow = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        CryptographicOperations.ZeroMemory(padded);
        TagLength = profile.TagLength;
        if (profile.IsAead)
        {
            Gcm = new AesGcmKey(key, kernel);
        }
        else
        {
            Ctr = new AesCtrKey(key, kernel);
            Mac = new HmacSha1Key(authentication);
        }
    }

    public int TagLength { get; }

    /// <summary>Whether <see cref="Gcm"/> protects; otherwise <see cref="Ctr"/> and <see cref="Mac"/> do.</summary>
    public bool IsAead => Ctr is null;

    /// <summary>Set for AEAD profiles only.</summary>
    public readonly AesGcmKey Gcm;

    /// <summary>Set for counter mode profiles only.</summary>
    public AesCtrKey? Ctr { get; }

    /// <summary>Set together with <see cref="Ctr"/>.</summary>
    public HmacSha1Key? Mac { get; }

    /// <summary>The counter block of AES-CM: salt xor (SSRC, 48-bit index) (RFC 3711 section 4.1.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> CmCounter(uint ssrc, ulong index) => BigEndian(_saltHigh ^ ssrc, _saltLow ^ (index << 16));

    /// <summary>
    /// The first counter block of GCM: the same from its third byte on is the IV (RFC 7714 sections 8.1 and 9.1), then the
    /// counter 1. Built in registers: writing halves and reading them across would stall.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> GcmCounter(uint ssrc, ulong index)
    {
        var (high, low) = (_saltHigh ^ ssrc, _saltLow ^ (index << 16));
        return BigEndian(high << 16 | low >> 48, low << 16 | 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> BigEndian(ulong high, ulong low) =>
        Vector128.Create(BinaryPrimitives.ReverseEndianness(high), BinaryPrimitives.ReverseEndianness(low)).AsByte();

    public void Dispose()
    {
        Gcm.Dispose();
        Ctr?.Dispose();
        Mac?.Dispose();
    }
}

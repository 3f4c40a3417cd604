using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>AES key expansion and single blocks on AES-NI (FIPS 197). No table look-ups: constant time.</summary>
internal static unsafe class AesBlocks
{
    /// <summary>Room for the 15 round keys of AES-256.</summary>
    public const int RoundKeysLength = 15 * 16;

    /// <summary>Rounds of AES-256.</summary>
    private const int LongRounds = 14;

    /// <summary>Writes the round keys of a 16 or 32-byte key.</summary>
    /// <returns>The number of rounds: 10 or 14.</returns>
    public static int Expand(ReadOnlySpan<byte> key, byte* roundKeys)
    {
        var keyWords = key.Length / 4;
        var rounds = keyWords + 6;
        var words = (uint*)roundKeys;
        for (var i = 0; i < keyWords; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * 4)..]);
        }

        uint roundConstant = 1;
        for (var i = keyWords; i < 4 * (rounds + 1); i++)
        {
            var word = words[i - 1];
            if (i % keyWords == 0)
            {
                word = SubstituteWord(uint.RotateRight(word, 8)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ (roundConstant >= 0x80 ? 0x11Bu : 0);
            }
            else if (keyWords == 8 && i % 8 == 4)
            {
                word = SubstituteWord(word);
            }

            words[i] = words[i - keyWords] ^ word;
        }

        return rounds;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Encrypt(Vector128<byte> block, byte* roundKeys, int rounds)
    {
        block ^= Vector128.Load(roundKeys);
        for (var round = 1; round < rounds; round++)
        {
            block = Aes.Encrypt(block, Vector128.Load(roundKeys + round * 16));
        }

        return Aes.EncryptLast(block, Vector128.Load(roundKeys + rounds * 16));
    }

    /// <summary>Eight counter blocks one after the other, each xored with the first round key.</summary>
    /// <param name="start">Counter block and round key, the counter's last byte left out.</param>
    /// <param name="index">That byte, alone in its block; moved on by eight. It must not overflow.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountEight(
        Vector128<byte> start,
        ref Vector128<byte> index,
        out Vector128<byte> b0,
        out Vector128<byte> b1,
        out Vector128<byte> b2,
        out Vector128<byte> b3,
        out Vector128<byte> b4,
        out Vector128<byte> b5,
        out Vector128<byte> b6,
        out Vector128<byte> b7)
    {
        var one = Vector128.Create(0UL, 1UL << 56).AsByte();
        b0 = start ^ index;
        index += one;
        b1 = start ^ index;
        index += one;
        b2 = start ^ index;
        index += one;
        b3 = start ^ index;
        index += one;
        b4 = start ^ index;
        index += one;
        b5 = start ^ index;
        index += one;
        b6 = start ^ index;
        index += one;
        b7 = start ^ index;
        index += one;
    }

    /// <summary>
    /// All rounds but the first key's, of eight blocks at once: as many as hide the latency of the instruction. Unrolled,
    /// because the end of a loop of rounds is guessed wrong too often (a fifth of a packet's time on Zen 5). One site per kernel:
    /// the inliner's budget is good for one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EncryptEight(
        ref Vector128<byte> b0, ref Vector128<byte> b1, ref Vector128<byte> b2, ref Vector128<byte> b3,
        ref Vector128<byte> b4, ref Vector128<byte> b5, ref Vector128<byte> b6, ref Vector128<byte> b7,
        byte* roundKeys, int rounds)
    {
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 1 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 2 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 3 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 4 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 5 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 6 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 7 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 8 * 16);
        Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 9 * 16);
        if (rounds == LongRounds)
        {
            Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 10 * 16);
            Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 11 * 16);
            Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 12 * 16);
            Round(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys + 13 * 16);
        }

        var last = Vector128.Load(roundKeys + rounds * 16);
        b0 = Aes.EncryptLast(b0, last);
        b1 = Aes.EncryptLast(b1, last);
        b2 = Aes.EncryptLast(b2, last);
        b3 = Aes.EncryptLast(b3, last);
        b4 = Aes.EncryptLast(b4, last);
        b5 = Aes.EncryptLast(b5, last);
        b6 = Aes.EncryptLast(b6, last);
        b7 = Aes.EncryptLast(b7, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector128<byte> b0, ref Vector128<byte> b1, ref Vector128<byte> b2, ref Vector128<byte> b3,
        ref Vector128<byte> b4, ref Vector128<byte> b5, ref Vector128<byte> b6, ref Vector128<byte> b7, byte* roundKey)
    {
        var key = Vector128.Load(roundKey);
        b0 = Aes.Encrypt(b0, key);
        b1 = Aes.Encrypt(b1, key);
        b2 = Aes.Encrypt(b2, key);
        b3 = Aes.Encrypt(b3, key);
        b4 = Aes.Encrypt(b4, key);
        b5 = Aes.Encrypt(b5, key);
        b6 = Aes.Encrypt(b6, key);
        b7 = Aes.Encrypt(b7, key);
    }

    /// <summary>Four blocks side by side. Vector512.Create of halves goes through memory and stalls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Join(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) =>
        Avx512F.InsertVector256(
            Avx2.InsertVector128(a.ToVector256Unsafe(), b, 1).ToVector512Unsafe(),
            Avx2.InsertVector128(c.ToVector256Unsafe(), d, 1),
            1);

    /// <summary>AESKEYGENASSIST gives SubWord of its second word in its first.</summary>
    private static uint SubstituteWord(uint word) => Aes.KeygenAssist(Vector128.Create(word).AsByte(), 0).AsUInt32().ToScalar();
}

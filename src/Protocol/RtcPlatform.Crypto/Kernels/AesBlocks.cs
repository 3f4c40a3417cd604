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

    /// <summary>AESKEYGENASSIST gives SubWord of its second word in its first.</summary>
    private static uint SubstituteWord(uint word) => Aes.KeygenAssist(Vector128.Create(word).AsByte(), 0).AsUInt32().ToScalar();
}

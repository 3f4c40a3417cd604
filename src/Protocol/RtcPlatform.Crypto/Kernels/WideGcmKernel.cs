using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// AES-GCM in one pass, for CPUs with AVX-512 and VPCLMULQDQ: while eight blocks are enciphered, the ones before them are
/// hashed. Nothing in the rounds waits for the hash, so it costs little time of its own. Touches exactly the bytes of
/// its spans: edges are masked.
/// </summary>
/// <remarks>
/// The first batch of eight counters is the tag's mask and seven blocks of text: a packet of up to 112 bytes needs no
/// other. All counters of a packet differ in the last byte alone, so a counter block is (IV xor first round key) xor a small vector.
/// The hash is that of <see cref="GhashKernel"/>, four blocks to a vector.
/// </remarks>
internal static unsafe class WideGcmKernel
{
    /// <summary>What the last byte of the counter can count: the mask has 1, the text 2 to 255.</summary>
    public const int MaximumLength = 254 * BlockLength;

    private const int BlockLength = GcmKeyLayout.BlockLength;
    private const int VectorLength = 4 * BlockLength;
    private const int BatchLength = 8 * BlockLength;
    private const int FirstBatchLength = 7 * BlockLength;

    /// <summary>
    /// Byte order reversal of each block, and then the polynomial in each half. In memory, because the JIT builds a repeated
    /// constant through the stack, where its load waits for earlier, narrower stores.
    /// </summary>
    private static readonly byte* Constants = CreateConstants();

    /// <summary>Enciphers or deciphers the text and returns the tag, which is always one of the ciphertext.</summary>
    /// <param name="keys">As <see cref="GcmKeyLayout"/> says.</param>
    /// <param name="first">IV and counter 1.</param>
    /// <param name="source">At most <see cref="MaximumLength"/> bytes; the same memory as the destination or none of it.</param>
    public static Vector128<byte> Transform(
        byte* keys, int rounds, Vector128<byte> first, byte* associated, int associatedLength, byte* source, byte* destination, int length,
        bool opening)
    {
        if (associatedLength > VectorLength)
        {
            return TransformBehindLongHeader(keys, rounds, first, associated, associatedLength, source, destination, length, opening);
        }

        var lengths = Vector128.Create((ulong)length * 8, (ulong)associatedLength * 8);
        return Transform(keys, rounds, first, Vector128<ulong>.Zero, associated, associatedLength, lengths, source, destination, length, opening);
    }

    /// <summary>Apart: a call beside the loop would cost its vectors their registers.</summary>
    private static Vector128<byte> TransformBehindLongHeader(
        byte* keys, int rounds, Vector128<byte> first, byte* associated, int associatedLength, byte* source, byte* destination, int length,
        bool opening)
    {
        var lengths = Vector128.Create((ulong)length * 8, (ulong)associatedLength * 8);
        var whole = (associatedLength - 1) & ~(VectorLength - 1);
        var state = Absorb(keys + GcmKeyLayout.PowersEnd, associated, whole);
        return Transform(
            keys, rounds, first, state, associated + whole, associatedLength - whole, lengths, source, destination, length, opening);
    }

    /// <param name="state">The hash of what lies before the associated data, of which there are at most 64 bytes.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "One flat loop whose vectors must stay in registers.")]
    private static Vector128<byte> Transform(
        byte* keys, int rounds, Vector128<byte> first, Vector128<ulong> state, byte* associated, int associatedLength,
        Vector128<ulong> lengths, byte* source, byte* destination, int length, bool opening)
    {
        var roundKeys = keys + GcmKeyLayout.RoundKeysAt;
        var powersEnd = keys + GcmKeyLayout.PowersEnd;
        var reversal = Vector512.Load(Constants);
        var polynomial = Vector512.Load((ulong*)(Constants + VectorLength));
        // The blocks that the next batch hashes, and the power of the first of them.
        var x = Avx512BW.Shuffle(Avx512BW.MaskLoad(associated, WideMask.First(associatedLength), Vector512<byte>.Zero), reversal).AsUInt64();
        var y = Vector512<ulong>.Zero;
        var power = powersEnd - WholeBlocks(associatedLength);
        var one = Vector128.Create(0UL, 1UL << 56).AsByte();
        var start = first ^ Vector128.Load(roundKeys) ^ one;
        var index = one;
        var mask = Vector128<byte>.Zero;
        var capacity = FirstBatchLength;
        while (true)
        {
            AesBlocks.CountEight(start, ref index, out var b0, out var b1, out var b2, out var b3, out var b4, out var b5, out var b6, out var b7);
            AesBlocks.EncryptEight(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys, rounds);
            state = new WideProduct(x ^ Widen(state), y, power).Reduce(polynomial);
            var low = AesBlocks.Join(b0, b1, b2, b3);
            var high = AesBlocks.Join(b4, b5, b6, b7);
            if (capacity == FirstBatchLength)
            {
                mask = b0;
                low = Avx512F.AlignRight64(high.AsUInt64(), low.AsUInt64(), 2).AsByte();
                high = Avx512F.AlignRight64(Vector512<ulong>.Zero, high.AsUInt64(), 2).AsByte();
            }

            if (length <= capacity)
            {
                Mask(source, destination, length, opening, ref low, ref high);
                x = Avx512BW.Shuffle(low, reversal).AsUInt64();
                y = Avx512BW.Shuffle(high, reversal).AsUInt64();
                break;
            }

            var lowText = Vector512.Load(source);
            low ^= lowText;
            low.Store(destination);
            Vector512<byte> highText;
            if (capacity == BatchLength)
            {
                highText = Vector512.Load(source + VectorLength);
                high ^= highText;
                high.Store(destination + VectorLength);
            }
            else
            {
                highText = Avx512F.InsertVector128(
                    Vector256.Load(source + VectorLength).ToVector512(), Vector128.Load(source + VectorLength + 2 * BlockLength), 2);
                high ^= highText;
                high.GetLower().Store(destination + VectorLength);
                high.GetUpper().GetLower().Store(destination + VectorLength + 2 * BlockLength);
            }

            x = Avx512BW.Shuffle(opening ? lowText : low, reversal).AsUInt64();
            y = Avx512BW.Shuffle(opening ? highText : high, reversal).AsUInt64();
            power = powersEnd - capacity;
            source += capacity;
            destination += capacity;
            length -= capacity;
            capacity = BatchLength;
        }

        return Ssse3.Shuffle(Close(x, y, state, length, lengths, powersEnd, polynomial).AsByte(), reversal.GetLower().GetLower()) ^ mask;
    }

    /// <summary>The last batch: what lies behind the text is neither read nor written, and zero in the hashed vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mask(byte* source, byte* destination, int length, bool opening, ref Vector512<byte> low, ref Vector512<byte> high)
    {
        var lowMask = WideMask.First(Math.Min(length, VectorLength));
        var highMask = WideMask.First(Math.Max(length - VectorLength, 0));
        var lowText = Avx512BW.MaskLoad(source, lowMask, Vector512<byte>.Zero);
        var highText = Avx512BW.MaskLoad(source + VectorLength, highMask, Vector512<byte>.Zero);
        low = (low ^ lowText) & lowMask;
        high = (high ^ highText) & highMask;
        Avx512BW.MaskStore(destination, lowMask, low);
        Avx512BW.MaskStore(destination + VectorLength, highMask, high);
        if (opening)
        {
            low = lowText;
            high = highText;
        }
    }

    /// <summary>The last blocks and the length block, which takes the first power, in one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Close(
        Vector512<ulong> x, Vector512<ulong> y, Vector128<ulong> state, int length, Vector128<ulong> lengths, byte* powersEnd,
        Vector512<ulong> polynomial)
    {
        var firstPower = powersEnd - BlockLength;
        if (length == 0)
        {
            lengths ^= state;
            state = Vector128<ulong>.Zero;
        }

        return new WideProduct(x ^ Widen(state), y, firstPower - WholeBlocks(length)).Plus(lengths, firstPower).Reduce(polynomial);
    }

    /// <summary>Long headers: vectors of four whole blocks.</summary>
    private static Vector128<ulong> Absorb(byte* powersEnd, byte* data, int length)
    {
        var reversal = Vector512.Load(Constants);
        var polynomial = Vector512.Load((ulong*)(Constants + VectorLength));
        var state = Vector128<ulong>.Zero;
        for (; length > 0; length -= VectorLength, data += VectorLength)
        {
            var x = Avx512BW.Shuffle(Vector512.Load(data), reversal).AsUInt64() ^ Widen(state);
            state = new WideProduct(x, Vector512<ulong>.Zero, powersEnd - VectorLength).Reduce(polynomial);
        }

        return state;
    }

    private static int WholeBlocks(int length) => (length + BlockLength - 1) & ~(BlockLength - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Widen(Vector128<ulong> value) => value.ToVector256().ToVector512();

    private static byte* CreateConstants()
    {
        var constants = (byte*)NativeMemory.AlignedAlloc(2 * VectorLength, VectorLength);
        for (var i = 0; i < VectorLength; i++)
        {
            constants[i] = (byte)(BlockLength - 1 - i % BlockLength);
        }

        new Span<ulong>(constants + VectorLength, 8).Fill(GhashKernel.Polynomial);
        return constants;
    }
}

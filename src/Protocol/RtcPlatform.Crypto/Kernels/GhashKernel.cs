using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) computed as POLYVAL of byte-reversed blocks (RFC 8452 appendix A), whose product
/// needs no bit reversal: the key is H times x, and a reduction is two carry-less products (Montgomery form).
/// Eight blocks are multiplied by descending powers of the key and reduced together. Constant time. Here are the table and
/// the 128-bit form; <see cref="WideGcmKernel"/> has its own.
/// </summary>
internal static unsafe class GhashKernel
{
    private const int BlockLength = GcmKeyLayout.BlockLength;
    private const int GroupLength = (GcmKeyLayout.Powers - 1) * BlockLength;

    /// <summary>x^63 + x^62 + x^57: the upper half of POLYVAL's polynomial.</summary>
    internal const ulong Polynomial = 0xC200_0000_0000_0000;

    private static Vector128<byte> Reversal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    /// <summary>Fills the table of powers from H = AES(0).</summary>
    public static void Prepare(Vector128<byte> hash, byte* powers)
    {
        var key = TimesX(Ssse3.Shuffle(hash, Reversal).AsUInt64());
        var power = key;
        for (var exponent = 1; exponent <= GcmKeyLayout.Powers; exponent++)
        {
            power.Store((ulong*)PowerOf(powers, exponent));
            power = default(Product).Plus(power, key).Reduce();
        }
    }

    /// <summary>
    /// GHASH of associated data and ciphertext with their length block, in the byte order of the tag. Not inlined: its
    /// callers would use up the inliner's budget.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector128<byte> Hash(byte* powers, byte* associated, int associatedLength, byte* text, int textLength)
    {
        var lengths = Vector128.Create((ulong)textLength * 8, (ulong)associatedLength * 8);
        var state = Absorb(powers, Vector128<ulong>.Zero, associated, associatedLength);
        var whole = textLength <= GroupLength ? 0 : (textLength - 1) & ~(GroupLength - 1);
        state = Absorb(powers, state, text, whole);
        return Ssse3.Shuffle(Close(powers, state, text + whole, textLength - whole, lengths).AsByte(), Reversal);
    }

    /// <summary>Absorbs data padded with zeros to whole blocks, a group for each reduction.</summary>
    private static Vector128<ulong> Absorb(byte* powers, Vector128<ulong> state, byte* data, int length)
    {
        for (; length > 0; length -= GroupLength, data += GroupLength)
        {
            var group = Math.Min(length, GroupLength);
            state = Multiply(powers + GcmKeyLayout.PowersEnd - WholeBlocks(group), state, data, group).Reduce();
        }

        return state;
    }

    /// <summary>The last group of the text, or nothing, and the length block, which takes the first power, in one reduction.</summary>
    private static Vector128<ulong> Close(byte* powers, Vector128<ulong> state, byte* data, int length, Vector128<ulong> lengths)
    {
        var firstPower = Vector128.Load((ulong*)PowerOf(powers, 1));
        return length == 0
            ? default(Product).Plus(state ^ lengths, firstPower).Reduce()
            : Multiply(PowerOf(powers, 1) - WholeBlocks(length), state, data, length).Plus(lengths, firstPower).Reduce();
    }

    /// <summary>
    /// One to eight blocks times descending powers, the state added to the first of them. That one comes last, so that
    /// nothing else waits for the reduction before.
    /// </summary>
    /// <param name="power">That of the first block; those that follow lie behind it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Product Multiply(byte* power, Vector128<ulong> state, byte* data, int length)
    {
        var reversal = Reversal;
        var sum = default(Product);
        var at = BlockLength;
        for (; at + BlockLength <= length; at += BlockLength)
        {
            sum = sum.Plus(Ssse3.Shuffle(Vector128.Load(data + at), reversal).AsUInt64(), Vector128.Load((ulong*)(power + at)));
        }

        if (at < length)
        {
            sum = sum.Plus(Ssse3.Shuffle(PartOfBlock(data + at, length - at), reversal).AsUInt64(), Vector128.Load((ulong*)(power + at)));
        }

        var first = length < BlockLength ? PartOfBlock(data, length) : Vector128.Load(data);
        return sum.Plus(Ssse3.Shuffle(first, reversal).AsUInt64() ^ state, Vector128.Load((ulong*)power));
    }

    /// <summary>1 to 15 bytes, by loads that overlap instead of a copy through memory, then zeros.</summary>
    private static Vector128<byte> PartOfBlock(byte* data, int length)
    {
        ulong low, high = 0;
        if (length >= 8)
        {
            low = *(ulong*)data;
            high = *(ulong*)(data + length - 8) >> 1 >> (8 * (16 - length) - 1);
        }
        else if (length >= 4)
        {
            low = *(uint*)data | (ulong)*(uint*)(data + length - 4) << (8 * (length - 4));
        }
        else
        {
            var half = length / 2;
            low = data[0] | (uint)data[half] << (8 * half) | (uint)data[length - 1] << (8 * (length - 1));
        }

        return Vector128.Create(low, high).AsByte();
    }

    private static int WholeBlocks(int length) => (length + BlockLength - 1) & ~(BlockLength - 1);

    private static byte* PowerOf(byte* powers, int exponent) => powers + (GcmKeyLayout.Powers - exponent) * BlockLength;

    /// <summary>mulX_POLYVAL of RFC 8452 appendix A.</summary>
    private static Vector128<ulong> TimesX(Vector128<ulong> value)
    {
        var (low, high) = (value.GetElement(0), value.GetElement(1));
        var carry = 0UL - (high >> 63);
        return Vector128.Create((low << 1) ^ (carry & 1), (high << 1 | low >> 63) ^ (carry & Polynomial));
    }

    /// <summary>
    /// A sum of 256-bit carry-less products, not reduced. By Karatsuba three products for each, the third of the summed
    /// halves: the carry-less multiplier is what the 128-bit form waits for.
    /// </summary>
    private readonly struct Product(Vector128<ulong> low, Vector128<ulong> cross, Vector128<ulong> high)
    {
        private readonly Vector128<ulong> _low = low;
        private readonly Vector128<ulong> _cross = cross;
        private readonly Vector128<ulong> _high = high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Product Plus(Vector128<ulong> x, Vector128<ulong> h) => new(
            _low ^ Pclmulqdq.CarrylessMultiply(x, h, 0x00),
            _cross ^ Pclmulqdq.CarrylessMultiply(x ^ SwapHalves(x), h ^ SwapHalves(h), 0x00),
            _high ^ Pclmulqdq.CarrylessMultiply(x, h, 0x11));

        /// <summary>The sum times x^-128 modulo the polynomial.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<ulong> Reduce()
        {
            var middle = _cross ^ _low ^ _high;
            var low = _low ^ Sse2.ShiftLeftLogical128BitLane(middle, 8);
            var high = _high ^ Sse2.ShiftRightLogical128BitLane(middle, 8);
            var polynomial = Vector128.Create(Polynomial);
            var rest = SwapHalves(Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00)) ^ low;
            return high ^ rest ^ Pclmulqdq.CarrylessMultiply(rest, polynomial, 0x11);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<ulong> SwapHalves(Vector128<ulong> value) =>
            Sse2.Shuffle(value.AsUInt32(), 0b01_00_11_10).AsUInt64();
    }
}

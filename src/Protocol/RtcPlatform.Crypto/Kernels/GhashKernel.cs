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

    private static Vector128<byte> Reversal => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

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
    /// GHASH of associated data and ciphertext with their length block, in the byte order of the tag.
    /// </summary>
    public static Vector128<byte> Hash(byte* powers, byte* associated, int associatedLength, byte* text, int textLength)
    {
        var state = Absorb(powers, Vector128<ulong>.Zero, associated, associatedLength);
        state = Absorb(powers, state, text, textLength);
        var lengths = Vector128.Create((ulong)textLength * 8, (ulong)associatedLength * 8);
        state = default(Product).Plus(state ^ lengths, Vector128.Load((ulong*)PowerOf(powers, 1))).Reduce();
        return Ssse3.Shuffle(state.AsByte(), Reversal);
    }

    /// <summary>Absorbs data padded with zeros to whole blocks.</summary>
    private static Vector128<ulong> Absorb(byte* powers, Vector128<ulong> state, byte* data, int length)
    {
        var whole = length & ~(BlockLength - 1);
        state = AbsorbBlocks(powers, state, data, whole);
        if (whole == length)
        {
            return state;
        }

        var block = Vector128<byte>.Zero;
        Buffer.MemoryCopy(data + whole, &block, BlockLength, length - whole);
        return AbsorbBlocks(powers, state, (byte*)&block, BlockLength);
    }

    /// <summary>Apart, without a call in it, so that the sums stay in registers.</summary>
    private static Vector128<ulong> AbsorbBlocks(byte* powers, Vector128<ulong> state, byte* data, int length)
    {
        var reversal = Reversal;
        while (length > 0)
        {
            var group = Math.Min(length, GroupLength);
            length -= group;
            var power = powers + GcmKeyLayout.PowersEnd - group;
            var low = Vector128<ulong>.Zero;
            var cross = Vector128<ulong>.Zero;
            var high = Vector128<ulong>.Zero;
            for (; group > 0; group -= BlockLength, data += BlockLength, power += BlockLength)
            {
                var x = Ssse3.Shuffle(Vector128.Load(data), reversal).AsUInt64() ^ state;
                var h = Vector128.Load((ulong*)power);
                state = Vector128<ulong>.Zero;
                low ^= Pclmulqdq.CarrylessMultiply(x, h, 0x00);
                cross ^= Pclmulqdq.CarrylessMultiply(x ^ Product.SwapHalves(x), h ^ Product.SwapHalves(h), 0x00);
                high ^= Pclmulqdq.CarrylessMultiply(x, h, 0x11);
            }

            state = new Product(low, cross, high).Reduce();
        }

        return state;
    }

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

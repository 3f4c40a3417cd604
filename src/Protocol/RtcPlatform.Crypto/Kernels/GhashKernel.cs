using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) computed as POLYVAL of byte-reversed blocks (RFC 8452 appendix A), whose product
/// needs no bit reversal: the key is H times x, and a reduction is two carry-less products (Montgomery form).
/// Many blocks are multiplied by descending powers of the key and reduced together. Constant time.
/// </summary>
internal static unsafe class GhashKernel
{
    /// <summary>
    /// Powers of the key from <see cref="HighestPower"/> down to 1, and then zeros, so that a 64-byte load from any power
    /// stays inside.
    /// </summary>
    private const int PowersLength = (HighestPower + 3) * 16;

    /// <summary>Powers and the byte order mask, which the JIT keeps in a register only when it is loaded.</summary>
    public const int TableLength = PowersLength + 64;

    private const int HighestPower = 33;
    private const int BlockLength = 16;
    private const int GroupLength = (HighestPower - 1) * BlockLength;

    /// <summary>x^63 + x^62 + x^57: the upper half of POLYVAL's polynomial.</summary>
    private const ulong Polynomial = 0xC200_0000_0000_0000;

    private static Vector128<byte> Reversal => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <summary>Fills the table of powers from H = AES(0).</summary>
    public static void Prepare(Vector128<byte> hash, byte* powers)
    {
        new Span<byte>(powers, PowersLength).Clear();
        for (var lane = 0; lane < 4; lane++)
        {
            Reversal.Store(powers + PowersLength + lane * BlockLength);
        }

        var key = TimesX(Ssse3.Shuffle(hash, Reversal).AsUInt64());
        var power = key;
        for (var exponent = 1; exponent <= HighestPower; exponent++)
        {
            power.Store((ulong*)(powers + (HighestPower - exponent) * BlockLength));
            power = Multiply(power, key);
        }
    }

    /// <summary>
    /// GHASH of associated data and ciphertext with their length block, in the byte order of the tag.
    /// </summary>
    public static Vector128<byte> Hash(byte* powers, byte* associated, int associatedLength, byte* text, int textLength, bool wide)
    {
        var lengths = Vector128.Create((ulong)textLength * 8, (ulong)associatedLength * 8);
        Vector128<ulong> state;
        if (wide && Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported)
        {
            state = WideAbsorb(powers, Vector128<ulong>.Zero, associated, associatedLength, Vector128<ulong>.Zero, 0);
            state = WideAbsorb(powers, state, text, textLength, lengths, 1);
        }
        else
        {
            state = NarrowAbsorb(powers, Vector128<ulong>.Zero, associated, associatedLength, Vector128<ulong>.Zero, 0);
            state = NarrowAbsorb(powers, state, text, textLength, lengths, 1);
        }

        return Ssse3.Shuffle(state.AsByte(), Reversal);
    }

    /// <summary>
    /// Absorbs data padded with zeros to whole blocks and then, when <paramref name="closing"/> is 1, the length block. The
    /// state is multiplied beside the blocks, not added to the first: so only its own product waits for the last group.
    /// </summary>
    private static Vector128<ulong> WideAbsorb(
        byte* powers, Vector128<ulong> state, byte* data, int length, Vector128<ulong> lengths, int closing)
    {
        // Loaded from the table and not written as a constant: the JIT would fetch that again for every 64 bytes, which
        // took twice the time of the products (measured on Zen 4).
        var reversal = Vector512.Load(powers + PowersLength);
        while (length > 0 || closing != 0)
        {
            var group = Math.Min(length, GroupLength);
            length -= group;
            var last = length == 0 ? closing : 0;
            var power = PowerOf(powers, BlocksIn(group) + last);
            var start = power;
            var low = Vector512<ulong>.Zero;
            var middle = Vector512<ulong>.Zero;
            var high = Vector512<ulong>.Zero;
            for (var at = 64; at <= group; at += 64)
            {
                var x = Avx512BW.Shuffle(Vector512.Load(data), reversal).AsUInt64();
                var h = Vector512.Load((ulong*)power);
                low ^= Pclmulqdq.V512.CarrylessMultiply(x, h, 0x00);
                middle ^= Pclmulqdq.V512.CarrylessMultiply(x, h, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(x, h, 0x10);
                high ^= Pclmulqdq.V512.CarrylessMultiply(x, h, 0x11);
                data += 64;
                power += 64;
            }

            group &= 63;

            if (group > 0)
            {
                var input = Avx512BW.MaskLoad(data, WideMask.First(group), Vector512<byte>.Zero);
                var x = Avx512BW.Shuffle(input, reversal).AsUInt64();
                var h = Vector512.Load((ulong*)power);
                low ^= Pclmulqdq.V512.CarrylessMultiply(x, h, 0x00);
                middle ^= Pclmulqdq.V512.CarrylessMultiply(x, h, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(x, h, 0x10);
                high ^= Pclmulqdq.V512.CarrylessMultiply(x, h, 0x11);
            }

            var product = new Product(Fold(low), Fold(middle), Fold(high));
            if (last != 0)
            {
                product = product.Plus(lengths, PowerOf(powers, 1));
                closing = 0;
            }

            state = product.Plus(state, start).Reduce();
        }

        return state;
    }

    /// <summary>The same with 128-bit products.</summary>
    private static Vector128<ulong> NarrowAbsorb(
        byte* powers, Vector128<ulong> state, byte* data, int length, Vector128<ulong> lengths, int closing)
    {
        var reversal = Vector128.Load(powers + PowersLength);
        while (length > 0 || closing != 0)
        {
            var group = Math.Min(length, GroupLength);
            length -= group;
            var last = length == 0 ? closing : 0;
            var power = PowerOf(powers, BlocksIn(group) + last);
            var start = power;
            var product = default(Product);
            while (group >= BlockLength)
            {
                product = product.Plus(Ssse3.Shuffle(Vector128.Load(data), reversal).AsUInt64(), power);
                data += BlockLength;
                power += BlockLength;
                group -= BlockLength;
            }

            if (group > 0)
            {
                product = product.Plus(Ssse3.Shuffle(LoadPartial(data, group), reversal).AsUInt64(), power);
                data += group;
            }

            if (last != 0)
            {
                product = product.Plus(lengths, PowerOf(powers, 1));
                closing = 0;
            }

            state = product.Plus(state, start).Reduce();
        }

        return state;
    }

    private static int BlocksIn(int length) => (int)((uint)(length + BlockLength - 1) / BlockLength);

    private static byte* PowerOf(byte* powers, int exponent) => powers + (HighestPower - exponent) * BlockLength;

    private static Vector128<byte> LoadPartial(byte* data, int length)
    {
        var block = Vector128<byte>.Zero;
        Buffer.MemoryCopy(data, &block, BlockLength, length);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector512<ulong> lanes)
    {
        var half = lanes.GetLower() ^ lanes.GetUpper();
        return half.GetLower() ^ half.GetUpper();
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => default(Product).Plus(a, (byte*)&b).Reduce();

    /// <summary>mulX_POLYVAL of RFC 8452 appendix A.</summary>
    private static Vector128<ulong> TimesX(Vector128<ulong> value)
    {
        var (low, high) = (value.GetElement(0), value.GetElement(1));
        var carry = 0UL - (high >> 63);
        return Vector128.Create((low << 1) ^ (carry & 1), (high << 1 | low >> 63) ^ (carry & Polynomial));
    }

    /// <summary>A sum of 256-bit carry-less products, not reduced; the middle one counts times x^64.</summary>
    private readonly struct Product(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        private readonly Vector128<ulong> _low = low;
        private readonly Vector128<ulong> _middle = middle;
        private readonly Vector128<ulong> _high = high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Product Plus(Vector128<ulong> x, byte* power)
        {
            var h = Vector128.Load((ulong*)power);
            return new Product(
                _low ^ Pclmulqdq.CarrylessMultiply(x, h, 0x00),
                _middle ^ Pclmulqdq.CarrylessMultiply(x, h, 0x01) ^ Pclmulqdq.CarrylessMultiply(x, h, 0x10),
                _high ^ Pclmulqdq.CarrylessMultiply(x, h, 0x11));
        }

        /// <summary>The sum times x^-128 modulo the polynomial.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<ulong> Reduce()
        {
            var low = _low ^ Sse2.ShiftLeftLogical128BitLane(_middle, 8);
            var high = _high ^ Sse2.ShiftRightLogical128BitLane(_middle, 8);
            var polynomial = Vector128.Create(Polynomial);
            var first = Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00);
            var rest = Sse2.Shuffle(first.AsUInt32(), 0b01_00_11_10).AsUInt64() ^ low;
            return high ^ rest ^ Pclmulqdq.CarrylessMultiply(rest, polynomial, 0x11);
        }
    }
}

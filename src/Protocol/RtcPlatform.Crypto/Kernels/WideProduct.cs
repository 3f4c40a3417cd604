using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>Eight blocks times eight successive powers of a hash key, summed by lanes and not reduced.</summary>
internal readonly unsafe struct WideProduct
{
    private readonly Vector512<ulong> _low;
    private readonly Vector512<ulong> _middle;
    private readonly Vector512<ulong> _high;

    /// <param name="power">That of the first block of <paramref name="x"/>; those that follow lie behind it, and 128 bytes can be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WideProduct(Vector512<ulong> x, Vector512<ulong> y, byte* power)
    {
        var g = Vector512.Load((ulong*)power);
        var h = Vector512.Load((ulong*)(power + 64));
        _low = Pclmulqdq.V512.CarrylessMultiply(x, g, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(y, h, 0x00);
        _middle = Pclmulqdq.V512.CarrylessMultiply(x, g, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(x, g, 0x10)
            ^ Pclmulqdq.V512.CarrylessMultiply(y, h, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(y, h, 0x10);
        _high = Pclmulqdq.V512.CarrylessMultiply(x, g, 0x11) ^ Pclmulqdq.V512.CarrylessMultiply(y, h, 0x11);
    }

    private WideProduct(Vector512<ulong> low, Vector512<ulong> middle, Vector512<ulong> high) =>
        (_low, _middle, _high) = (low, middle, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WideProduct Plus(Vector128<ulong> x, byte* power)
    {
        var h = Vector128.Load((ulong*)power);
        return new WideProduct(
            _low ^ Widen(Pclmulqdq.CarrylessMultiply(x, h, 0x00)),
            _middle ^ Widen(Pclmulqdq.CarrylessMultiply(x, h, 0x01) ^ Pclmulqdq.CarrylessMultiply(x, h, 0x10)),
            _high ^ Widen(Pclmulqdq.CarrylessMultiply(x, h, 0x11)));
    }

    /// <summary>The sum times x^-128 modulo the polynomial; lanes are added last, when there is one vector left of three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<ulong> Reduce(Vector512<ulong> polynomial)
    {
        var low = _low ^ Avx512BW.ShiftLeftLogical128BitLane(_middle.AsByte(), 8).AsUInt64();
        var high = _high ^ Avx512BW.ShiftRightLogical128BitLane(_middle.AsByte(), 8).AsUInt64();
        var folded = Pclmulqdq.V512.CarrylessMultiply(low, polynomial, 0x00);
        var rest = Avx512F.Shuffle(folded.AsUInt32(), 0b01_00_11_10).AsUInt64() ^ low;
        var sum = high ^ rest ^ Pclmulqdq.V512.CarrylessMultiply(rest, polynomial, 0x11);
        var half = sum.GetLower() ^ sum.GetUpper();
        return half.GetLower() ^ half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Widen(Vector128<ulong> value) => value.ToVector256().ToVector512();
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// The SHA-1 compression function (FIPS 180-4 section 6.1.2) of sixteen messages side by side, a message to a 32-bit lane.
/// One message has no parallelism in it; sixteen keep the vector unit busy.
/// </summary>
internal static unsafe class Sha1Lanes
{
    public const int Count = 16;
    public const int BlockLength = 64;
    public const int StateWords = 5;

    private const int Rounds = 80;
    private const int VectorLength = 64;

    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>From big-endian words, within each 128 bits.</summary>
    private static ReadOnlySpan<byte> Reversal =>
    [
        3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,
        3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,
        3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,
        3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,
    ];

    /// <summary>Absorbs one block of each message.</summary>
    /// <param name="state">Five vectors; a lane has one word of its message's state.</param>
    /// <param name="blocks">Where the sixteen blocks lie.</param>
    /// <param name="lanes">All ones where the state changes; elsewhere the block is read and forgotten.</param>
    [SkipLocalsInit]
    public static void Absorb(Vector512<uint>* state, byte** blocks, Vector512<uint> lanes)
    {
        var scheduleRoom = stackalloc byte[(Rounds + 1) * VectorLength];
        var schedule = Aligned(scheduleRoom);
        Transpose(blocks, schedule);
        Compress(state, schedule, lanes);
    }

    /// <summary>Absorbs a block that is there as words already: HMAC's outer one.</summary>
    /// <param name="words">Sixteen vectors.</param>
    [SkipLocalsInit]
    public static void AbsorbWords(Vector512<uint>* state, Vector512<uint>* words)
    {
        var scheduleRoom = stackalloc byte[(Rounds + 1) * VectorLength];
        var schedule = Aligned(scheduleRoom);
        for (var word = 0; word < BlockLength / sizeof(uint); word++)
        {
            schedule[word] = words[word];
        }

        Compress(state, schedule, Vector512<uint>.AllBitsSet);
    }

    /// <summary>The first cache line's start in a room that is a vector longer than needed: vectors across two lines are slow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint>* Aligned(byte* room) =>
        (Vector512<uint>*)(((nuint)room + VectorLength - 1) & ~(nuint)(VectorLength - 1));

    /// <summary>Not inlined: with another method's locals around it, its vectors would lose their registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Compress(Vector512<uint>* state, Vector512<uint>* schedule, Vector512<uint> lanes)
    {
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4]);
        var k = Vector512.Create(0x5A82_7999u);
        var w = schedule;
        for (; w < schedule + 15; w += 5)
        {
            Step(a, ref b, ref e, Choose(b, c, d), k, w[0]);
            Step(e, ref a, ref d, Choose(a, b, c), k, w[1]);
            Step(d, ref e, ref c, Choose(e, a, b), k, w[2]);
            Step(c, ref d, ref b, Choose(d, e, a), k, w[3]);
            Step(b, ref c, ref a, Choose(c, d, e), k, w[4]);
        }

        Step(a, ref b, ref e, Choose(b, c, d), k, w[0]);
        Step(e, ref a, ref d, Choose(a, b, c), k, Expand(w + 1));
        Step(d, ref e, ref c, Choose(e, a, b), k, Expand(w + 2));
        Step(c, ref d, ref b, Choose(d, e, a), k, Expand(w + 3));
        Step(b, ref c, ref a, Choose(c, d, e), k, Expand(w + 4));
        Parity(ref a, ref b, ref c, ref d, ref e, Vector512.Create(0x6ED9_EBA1u), schedule + 20);
        k = Vector512.Create(0x8F1B_BCDCu);
        for (w = schedule + 40; w < schedule + 60; w += 5)
        {
            Step(a, ref b, ref e, Majority(b, c, d), k, Expand(w));
            Step(e, ref a, ref d, Majority(a, b, c), k, Expand(w + 1));
            Step(d, ref e, ref c, Majority(e, a, b), k, Expand(w + 2));
            Step(c, ref d, ref b, Majority(d, e, a), k, Expand(w + 3));
            Step(b, ref c, ref a, Majority(c, d, e), k, Expand(w + 4));
        }

        Parity(ref a, ref b, ref c, ref d, ref e, Vector512.Create(0xCA62_C1D6u), schedule + 60);
        state[0] += a & lanes;
        state[1] += b & lanes;
        state[2] += c & lanes;
        state[3] += d & lanes;
        state[4] += e & lanes;
    }

    /// <summary>Twenty rounds of exclusive or; both occurrences share it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Parity(
        ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d, ref Vector512<uint> e,
        Vector512<uint> k, Vector512<uint>* w)
    {
        for (var end = w + 20; w < end; w += 5)
        {
            Step(a, ref b, ref e, b ^ c ^ d, k, Expand(w));
            Step(e, ref a, ref d, a ^ b ^ c, k, Expand(w + 1));
            Step(d, ref e, ref c, e ^ a ^ b, k, Expand(w + 2));
            Step(c, ref d, ref b, d ^ e ^ a, k, Expand(w + 3));
            Step(b, ref c, ref a, c ^ d ^ e, k, Expand(w + 4));
        }
    }

    /// <summary>One round. The sums are bracketed so that what comes last from the round before is added last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> e, Vector512<uint> f, Vector512<uint> k, Vector512<uint> w)
    {
        e = Avx512F.RotateLeft(a, 5) + (f + (e + (k + w)));
        b = Avx512F.RotateLeft(b, 30);
    }

    /// <summary>The schedule is expanded on the way: its chain of loads and stores runs beside that of the rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Expand(Vector512<uint>* w) => *w = Avx512F.RotateLeft(w[-3] ^ w[-8] ^ w[-14] ^ w[-16], 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Choose(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => Avx512F.TernaryLogic(x, y, z, 0xCA);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Majority(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => Avx512F.TernaryLogic(x, y, z, 0xE8);

    /// <summary>Sixteen blocks of sixteen big-endian words each become sixteen vectors with the same word of every block.</summary>
    [SkipLocalsInit]
    private static void Transpose(byte** blocks, Vector512<uint>* words)
    {
        var pairsRoom = stackalloc byte[(Count + 1) * VectorLength];
        var pairs = (Vector512<ulong>*)Aligned(pairsRoom);
        var reversal = Vector512.Create(Reversal);
        // Four blocks at a time: within each 128 bits, the words of four blocks change places.
        for (var row = 0; row < Count; row += 4)
        {
            var r0 = Load(blocks[row], reversal);
            var r1 = Load(blocks[row + 1], reversal);
            var r2 = Load(blocks[row + 2], reversal);
            var r3 = Load(blocks[row + 3], reversal);
            var low01 = Avx512F.UnpackLow(r0, r1).AsUInt64();
            var high01 = Avx512F.UnpackHigh(r0, r1).AsUInt64();
            var low23 = Avx512F.UnpackLow(r2, r3).AsUInt64();
            var high23 = Avx512F.UnpackHigh(r2, r3).AsUInt64();
            pairs[row] = Avx512F.UnpackLow(low01, low23);
            pairs[row + 1] = Avx512F.UnpackHigh(low01, low23);
            pairs[row + 2] = Avx512F.UnpackLow(high01, high23);
            pairs[row + 3] = Avx512F.UnpackHigh(high01, high23);
        }

        // Then the 128-bit quarters: vector word of each four rows holds words word, word + 4, word + 8, word + 12.
        for (var word = 0; word < 4; word++)
        {
            var (p0, p1, p2, p3) = (pairs[word], pairs[4 + word], pairs[8 + word], pairs[12 + word]);
            var front01 = Avx512F.Shuffle4x128(p0, p1, 0b01_00_01_00);
            var back01 = Avx512F.Shuffle4x128(p0, p1, 0b11_10_11_10);
            var front23 = Avx512F.Shuffle4x128(p2, p3, 0b01_00_01_00);
            var back23 = Avx512F.Shuffle4x128(p2, p3, 0b11_10_11_10);
            words[word] = Avx512F.Shuffle4x128(front01, front23, 0b10_00_10_00).AsUInt32();
            words[word + 4] = Avx512F.Shuffle4x128(front01, front23, 0b11_01_11_01).AsUInt32();
            words[word + 8] = Avx512F.Shuffle4x128(back01, back23, 0b10_00_10_00).AsUInt32();
            words[word + 12] = Avx512F.Shuffle4x128(back01, back23, 0b11_01_11_01).AsUInt32();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Load(byte* block, Vector512<byte> reversal) =>
        Avx512BW.Shuffle(Vector512.Load(block), reversal).AsUInt32();
}

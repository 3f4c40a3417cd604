using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// AES counter mode, eight blocks at a time. Touches exactly the bytes of source and destination, which are either the
/// same memory or do not overlap.
/// </summary>
/// <remarks>
/// Between two carries only the last byte of the counter changes, so a counter block is (IV xor first round key) xor a small
/// vector. The big AES block stands once in the code, also for tails, because the JIT's inliner budget and register
/// allocation are good for one. In the wide form 64 bytes are stored at once so that GHASH can load 64 without waiting.
/// </remarks>
internal static unsafe class CtrKernel
{
    private const int BlockLength = 16;
    private const int ChunkLength = 8 * BlockLength;

    public static void Transform(byte* roundKeys, int rounds, Vector128<byte> counter, byte* source, byte* destination, int length, bool wide)
    {
        while (length > 0)
        {
            var low = counter.GetElement(15);
            var segment = Math.Min(length, (256 - low) * BlockLength);
            Segment(roundKeys, rounds, counter, source, destination, segment, wide);
            length -= segment;
            source += segment;
            destination += segment;
            counter = AfterCarry(counter);
        }
    }

    /// <summary>The counter (its last 32 bits, big-endian) with its last byte 0 and one added to the rest.</summary>
    private static Vector128<byte> AfterCarry(Vector128<byte> counter)
    {
        var word = BinaryPrimitives.ReverseEndianness(counter.AsUInt32().GetElement(3));
        word = (word & 0xFFFF_FF00) + 0x100;
        return counter.AsUInt32().WithElement(3, BinaryPrimitives.ReverseEndianness(word)).AsByte();
    }

    /// <summary>At most as many blocks as the last counter byte can count. One flat loop; see the type's remarks.</summary>
    [SkipLocalsInit]
    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "Eight unrolled blocks that must stay in registers.")]
    private static void Segment(
        byte* roundKeys, int rounds, Vector128<byte> counter, byte* source, byte* destination, int length, bool wide)
    {
        var start = counter.WithElement(15, (byte)0) ^ Vector128.Load(roundKeys);
        var index = Vector128<byte>.Zero.WithElement(15, counter.GetElement(15));
        while (true)
        {
            AesBlocks.CountEight(start, ref index, out var b0, out var b1, out var b2, out var b3, out var b4, out var b5, out var b6, out var b7);
            AesBlocks.EncryptEight(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7, roundKeys, rounds);
            if (wide && Avx512BW.IsSupported)
            {
                var low = AesBlocks.Join(b0, b1, b2, b3);
                var high = AesBlocks.Join(b4, b5, b6, b7);
                if (length < ChunkLength)
                {
                    WideTail(low, high, source, destination, length);
                    return;
                }

                (Vector512.Load(source) ^ low).Store(destination);
                (Vector512.Load(source + 64) ^ high).Store(destination + 64);
            }
            else if (length < ChunkLength)
            {
                var stream = stackalloc byte[ChunkLength];
                b0.Store(stream);
                b1.Store(stream + 16);
                b2.Store(stream + 32);
                b3.Store(stream + 48);
                b4.Store(stream + 64);
                b5.Store(stream + 80);
                b6.Store(stream + 96);
                b7.Store(stream + 112);
                NarrowTail(stream, source, destination, length);
                return;
            }
            else
            {
                (Vector128.Load(source) ^ b0).Store(destination);
                (Vector128.Load(source + 16) ^ b1).Store(destination + 16);
                (Vector128.Load(source + 32) ^ b2).Store(destination + 32);
                (Vector128.Load(source + 48) ^ b3).Store(destination + 48);
                (Vector128.Load(source + 64) ^ b4).Store(destination + 64);
                (Vector128.Load(source + 80) ^ b5).Store(destination + 80);
                (Vector128.Load(source + 96) ^ b6).Store(destination + 96);
                (Vector128.Load(source + 112) ^ b7).Store(destination + 112);
            }

            length -= ChunkLength;
            if (length == 0)
            {
                return;
            }

            source += ChunkLength;
            destination += ChunkLength;
        }
    }

    /// <summary>Fewer than 128 bytes; masked loads and stores touch no byte outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WideTail(Vector512<byte> low, Vector512<byte> high, byte* source, byte* destination, int length)
    {
        if (length >= 64)
        {
            (Vector512.Load(source) ^ low).Store(destination);
            low = high;
            source += 64;
            destination += 64;
            length -= 64;
        }

        var mask = WideMask.First(length);
        Avx512BW.MaskStore(destination, mask, Avx512BW.MaskLoad(source, mask, Vector512<byte>.Zero) ^ low);
    }

    private static void NarrowTail(byte* stream, byte* source, byte* destination, int length)
    {
        var done = 0;
        for (; done + BlockLength <= length; done += BlockLength)
        {
            (Vector128.Load(source + done) ^ Vector128.Load(stream + done)).Store(destination + done);
        }

        if ((length & 8) != 0)
        {
            *(ulong*)(destination + done) = *(ulong*)(source + done) ^ *(ulong*)(stream + done);
            done += 8;
        }

        if ((length & 4) != 0)
        {
            *(uint*)(destination + done) = *(uint*)(source + done) ^ *(uint*)(stream + done);
            done += 4;
        }

        for (; done < length; done++)
        {
            destination[done] = (byte)(source[done] ^ stream[done]);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Memory;

/// <summary>
/// Tells the processor what will be read soon. Objects that were not touched for some milliseconds are in no near cache any
/// more, and each one costs about a tenth of a microsecond; asked for together, they are waited for together. It stands beside
/// the keys, the largest part of what is fetched: unsafe code has no place in the layers above.
/// </summary>
public static unsafe class CacheHint
{
    private const int Line = 64;

    /// <summary>Asks for the first octets of an object's fields. It does not wait, and reads nothing that could fail.</summary>
    /// <param name="octets">How many are of interest; a constant, so that the loop is unrolled.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(object target, int octets)
    {
        // Not pinned: when the collector moves the object meanwhile, the hint is wasted and nothing else happens.
        Fetch((byte*)Unsafe.AsPointer(ref Unsafe.As<StrongBox<byte>>(target).Value), octets);
    }

    /// <summary>Asks for native memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(byte* start, int octets)
    {
        if (Sse.IsSupported)
        {
            for (int offset = 0; offset < octets; offset += Line)
            {
                Sse.Prefetch0(start + offset);
            }
        }
    }
}

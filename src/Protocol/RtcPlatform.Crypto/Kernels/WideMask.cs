using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>Masks for the byte-masked 512-bit loads and stores, with which tails touch nothing beyond their span.</summary>
internal static class WideMask
{
    /// <summary>All ones in the first <paramref name="count"/> bytes, 0 to 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> First(int count) =>
        Vector512.LessThan(Vector512<byte>.Indices, Vector512.Create((byte)count));
}

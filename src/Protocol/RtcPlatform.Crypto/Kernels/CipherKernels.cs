using System.Runtime.Intrinsics.X86;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>How a key's packets are computed; chosen once per key.</summary>
internal enum CipherKernel : byte
{
    /// <summary>OpenSSL EVP, one reused context per key: for CPUs without AES instructions, and as reference in tests.</summary>
    OpenSsl,

    /// <summary>AES-NI and PCLMULQDQ, 128 bits at a time.</summary>
    Narrow,

    /// <summary>AES-NI, but stores and carry-less products 512 bits at a time.</summary>
    Wide,
}

internal static class CipherKernels
{
    public static bool IsNarrowSupported => Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;

    public static bool IsWideSupported => IsNarrowSupported && Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported;

    /// <summary>The fastest kernel of this CPU.</summary>
    public static CipherKernel Best =>
        IsWideSupported ? CipherKernel.Wide : IsNarrowSupported ? CipherKernel.Narrow : CipherKernel.OpenSsl;
}

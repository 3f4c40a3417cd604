namespace RtcPlatform.Crypto.Kernels;

/// <summary>How a key's packets are computed; chosen once per key.</summary>
internal enum CipherKernel : byte
{
    /// <summary>OpenSSL EVP, one reused context per key: for CPUs without AES instructions, and as reference in tests.</summary>
    OpenSsl,
}

internal static class CipherKernels
{
    /// <summary>The fastest kernel of this CPU.</summary>
    public static CipherKernel Best => CipherKernel.OpenSsl;
}

using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>AES-128 or AES-256 in counter mode under one key (RFC 3711 section 4.1.1, RFC 6188 section 2).</summary>
internal sealed class AesCtrKey : IDisposable
{
    private readonly EvpCipher _evp;

    public AesCtrKey(ReadOnlySpan<byte> key)
        : this(key, CipherKernels.Best)
    {
    }

    public AesCtrKey(ReadOnlySpan<byte> key, CipherKernel kernel)
    {
        _ = kernel;
        _evp = new EvpCipher(key.Length == 32 ? LibCrypto.EVP_aes_256_ctr() : LibCrypto.EVP_aes_128_ctr(), key);
    }

    /// <summary>Xors the key stream that starts at the 16-byte counter block onto the source.</summary>
    public void Transform(ReadOnlySpan<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination) =>
        _evp.Transform(counter, source, destination);

    public void Dispose() => _evp.Dispose();
}

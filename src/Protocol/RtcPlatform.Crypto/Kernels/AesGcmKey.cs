using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>AES-GCM with 12-byte IV and 16-byte tag under one key (NIST SP 800-38D).</summary>
internal sealed class AesGcmKey : IDisposable
{
    public const int TagLength = 16;

    private readonly EvpCipher _evp;

    public AesGcmKey(ReadOnlySpan<byte> key, CipherKernel kernel)
    {
        _ = kernel;
        _evp = new EvpCipher(key.Length == 32 ? LibCrypto.EVP_aes_256_gcm() : LibCrypto.EVP_aes_128_gcm(), key);
    }

    /// <param name="destination">Exactly source + 16 bytes: ciphertext, then tag.</param>
    public void Encrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination) =>
        _evp.Seal(iv, associated, source, destination, TagLength);

    /// <param name="bodyAndTag">Ciphertext and tag; decrypted in place when the tag matches.</param>
    public bool TryDecryptInPlace(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> associated, Span<byte> bodyAndTag) =>
        _evp.TryOpen(iv, associated, bodyAndTag, TagLength);

    public void Dispose() => _evp.Dispose();
}

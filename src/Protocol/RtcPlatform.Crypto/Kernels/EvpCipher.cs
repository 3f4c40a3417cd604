using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// One OpenSSL cipher context with its key set; only the IV changes per packet. An IV comes as a counter block, of which
/// GCM reads the first 12 bytes. Nothing here is inlined: a foreign call sets up a frame in whatever method it stands.
/// </summary>
internal sealed unsafe class EvpCipher : SafeHandle
{
    /// <param name="cipher">EVP_aes_…: its key length is that of <paramref name="key"/>.</param>
    public EvpCipher(nint cipher, ReadOnlySpan<byte> key)
        : base(0, ownsHandle: true)
    {
        SetHandle(LibCrypto.EVP_CIPHER_CTX_new());
        fixed (byte* keyAt = key)
        {
            Require(LibCrypto.EVP_CipherInit_ex(handle, cipher, 0, keyAt, null, 1) == 1);
        }
    }

    public override bool IsInvalid => handle == 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Transform(Vector128<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.IsEmpty)
        {
            return;
        }

        int written;
        var counterAt = (byte*)&counter;
        fixed (byte* sourceAt = source, destinationAt = destination)
        {
            Require(LibCrypto.EVP_CipherInit_ex(handle, 0, 0, null, counterAt, 1) == 1
                && LibCrypto.EVP_CipherUpdate(handle, destinationAt, &written, sourceAt, source.Length) == 1);
        }
    }

    /// <summary>AEAD: the tag goes behind the ciphertext.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Seal(Vector128<byte> iv, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination, int tagLength)
    {
        int written;
        var ivAt = (byte*)&iv;
        fixed (byte* associatedAt = associated, sourceAt = source, destinationAt = destination)
        {
            Require(LibCrypto.EVP_CipherInit_ex(handle, 0, 0, null, ivAt, 1) == 1
                && LibCrypto.EVP_CipherUpdate(handle, null, &written, associatedAt, associated.Length) == 1
                && (source.IsEmpty || LibCrypto.EVP_CipherUpdate(handle, destinationAt, &written, sourceAt, source.Length) == 1)
                && LibCrypto.EVP_CipherFinal_ex(handle, destinationAt + source.Length, &written) == 1
                && LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.AeadGetTag, tagLength, destinationAt + source.Length) == 1);
        }
    }

    /// <summary>AEAD in place: false when the tag does not match; the body is then as it was.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryOpen(Vector128<byte> iv, ReadOnlySpan<byte> associated, Span<byte> bodyAndTag, int tagLength)
    {
        int written;
        var bodyLength = bodyAndTag.Length - tagLength;
        var ivAt = (byte*)&iv;
        fixed (byte* associatedAt = associated, bodyAt = bodyAndTag)
        {
            Require(LibCrypto.EVP_CipherInit_ex(handle, 0, 0, null, ivAt, 0) == 1
                && LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.AeadSetTag, tagLength, bodyAt + bodyLength) == 1
                && LibCrypto.EVP_CipherUpdate(handle, null, &written, associatedAt, associated.Length) == 1
                && (bodyLength == 0 || LibCrypto.EVP_CipherUpdate(handle, bodyAt, &written, bodyAt, bodyLength) == 1));
            var authentic = LibCrypto.EVP_CipherFinal_ex(handle, bodyAt + bodyLength, &written) == 1;
            if (!authentic)
            {
                LibCrypto.ERR_clear_error();
                Restore(ivAt, bodyAt, bodyLength);
            }

            return authentic;
        }
    }

    /// <summary>EVP has decrypted before it knew the tag; the same key stream once more gives the ciphertext back.</summary>
    private void Restore(byte* ivAt, byte* bodyAt, int bodyLength)
    {
        int written;
        Require(LibCrypto.EVP_CipherInit_ex(handle, 0, 0, null, ivAt, 1) == 1
            && (bodyLength == 0 || LibCrypto.EVP_CipherUpdate(handle, bodyAt, &written, bodyAt, bodyLength) == 1));
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }

    private static void Require(bool success)
    {
        if (!success)
        {
            LibCrypto.ERR_clear_error();
            throw new CryptographicException("OpenSSL refused a cipher operation.");
        }
    }
}

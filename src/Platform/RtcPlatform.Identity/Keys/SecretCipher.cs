using System.Security.Cryptography;
using System.Text;

namespace RtcPlatform.Identity.Keys;

/// <summary>
/// API secrets at rest: AES-256-GCM. HS256 needs the secret itself, so a hash will not do. Bound to its key id and project:
/// a ciphertext moved to another row does not open.
/// </summary>
/// <remarks>Layout: version 1 (1 octet), nonce (12), tag (16), ciphertext.</remarks>
internal sealed class SecretCipher(byte[] dataKey)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;

    public byte[] Close(string secret, string keyId, string projectId)
    {
        byte[] plain = Encoding.UTF8.GetBytes(secret);
        byte[] closed = new byte[HeadLength + plain.Length];
        closed[0] = Version;
        Span<byte> nonce = closed.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = new(dataKey, TagLength);
        aes.Encrypt(nonce, plain, closed.AsSpan(HeadLength), closed.AsSpan(1 + NonceLength, TagLength), Context(keyId, projectId));
        return closed;
    }

    /// <exception cref="CryptographicException">Another data key, another row, or changed octets.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed, string keyId, string projectId)
    {
        if (closed.Length < HeadLength || closed[0] != Version)
        {
            throw new CryptographicException("not a closed secret of version 1");
        }

        byte[] plain = new byte[closed.Length - HeadLength];
        using AesGcm aes = new(dataKey, TagLength);
        aes.Decrypt(
            closed.Slice(1, NonceLength),
            closed[HeadLength..],
            closed.Slice(1 + NonceLength, TagLength),
            plain,
            Context(keyId, projectId));
        return plain;
    }

    private static byte[] Context(string keyId, string projectId) => Encoding.UTF8.GetBytes($"api_key\n{keyId}\n{projectId}");
}

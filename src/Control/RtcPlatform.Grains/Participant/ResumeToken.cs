using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RtcPlatform.Grains.Participant;

/// <summary>The secret by which a client proves that it is the same participant; only its hash is kept.</summary>
internal static class ResumeToken
{
    private const int EntropyBytes = 32;

    public static (string Token, byte[] Hash) Create()
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(EntropyBytes));
        return (token, Hash(token));
    }

    /// <summary>Takes the same time wherever the first difference is.</summary>
    public static bool Matches(string token, byte[] hash) => CryptographicOperations.FixedTimeEquals(Hash(token), hash);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

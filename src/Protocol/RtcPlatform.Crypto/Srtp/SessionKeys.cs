using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// Session keys of one direction, derived from its master key and salt with the AES-CM PRF at key derivation rate 0
/// (RFC 3711 section 4.3, RFC 6188 section 3, RFC 7714 section 11).
/// </summary>
internal sealed class SessionKeys : IDisposable
{
    private const int AuthenticationKeyLength = 20;

    public required byte[] RtpKey { get; init; }

    public required byte[] RtpSalt { get; init; }

    /// <summary>Empty for AEAD profiles.</summary>
    public required byte[] RtpAuthentication { get; init; }

    public required byte[] RtcpKey { get; init; }

    public required byte[] RtcpSalt { get; init; }

    /// <summary>Empty for AEAD profiles.</summary>
    public required byte[] RtcpAuthentication { get; init; }

    /// <exception cref="ArgumentException">Unknown profile, or a key or salt of the wrong length.</exception>
    public static SessionKeys Derive(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (!profile.IsKnown || masterKey.Length != profile.KeyLength || masterSalt.Length != profile.SaltLength)
        {
            throw new ArgumentException("Master key or salt does not fit the SRTP profile.", nameof(masterKey));
        }

        using var prf = new AesCtrKey(masterKey);
        var authenticationLength = profile.IsAead ? 0 : AuthenticationKeyLength;
        return new SessionKeys
        {
            RtpKey = Derive(prf, masterSalt, 0, profile.KeyLength),
            RtpAuthentication = Derive(prf, masterSalt, 1, authenticationLength),
            RtpSalt = Derive(prf, masterSalt, 2, profile.SaltLength),
            RtcpKey = Derive(prf, masterSalt, 3, profile.KeyLength),
            RtcpAuthentication = Derive(prf, masterSalt, 4, authenticationLength),
            RtcpSalt = Derive(prf, masterSalt, 5, profile.SaltLength),
        };
    }

    /// <summary>
    /// One derived value. A 12-byte salt stands left-aligned in the 14 bytes, as RFC 7714 section 11 asks; the label
    /// falls on byte 7 because index DIV rate (48 bits) follows it and is 0.
    /// </summary>
    internal static byte[] Derive(AesCtrKey prf, ReadOnlySpan<byte> masterSalt, byte label, int length)
    {
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        masterSalt.CopyTo(counter);
        counter[7] ^= label;
        var derived = new byte[length];
        prf.Transform(Vector128.Create<byte>(counter), derived, derived);
        return derived;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(RtpKey);
        CryptographicOperations.ZeroMemory(RtpSalt);
        CryptographicOperations.ZeroMemory(RtpAuthentication);
        CryptographicOperations.ZeroMemory(RtcpKey);
        CryptographicOperations.ZeroMemory(RtcpSalt);
        CryptographicOperations.ZeroMemory(RtcpAuthentication);
    }
}

using System.Security.Cryptography;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// The master keys and salts of both directions, as cut from the exporter's output (RFC 5764 section 4.2). The client
/// here is the DTLS client. Holds secrets: <see cref="Dispose"/> clears them, and <see cref="ToString"/> shows none.
/// </summary>
public sealed class SrtpKeyMaterial : IDisposable
{
    private readonly byte[] _exported;

    /// <param name="profile">The profile that use_srtp agreed on.</param>
    /// <param name="exported">The exporter's output, exactly <c>profile.ExporterLength</c> bytes; copied.</param>
    /// <exception cref="ArgumentException">Unknown profile or wrong length.</exception>
    public SrtpKeyMaterial(SrtpProfile profile, ReadOnlySpan<byte> exported)
    {
        if (!profile.IsKnown || exported.Length != profile.ExporterLength)
        {
            throw new ArgumentException("The exported keying material does not fit the SRTP profile.", nameof(exported));
        }

        Profile = profile;
        _exported = exported.ToArray();
    }

    public SrtpProfile Profile { get; }

    public ReadOnlySpan<byte> ClientKey => _exported.AsSpan(0, Profile.KeyLength);

    public ReadOnlySpan<byte> ServerKey => _exported.AsSpan(Profile.KeyLength, Profile.KeyLength);

    public ReadOnlySpan<byte> ClientSalt => _exported.AsSpan(2 * Profile.KeyLength, Profile.SaltLength);

    public ReadOnlySpan<byte> ServerSalt => _exported.AsSpan(2 * Profile.KeyLength + Profile.SaltLength, Profile.SaltLength);

    /// <summary>The sending half for the side that was the DTLS client or server.</summary>
    public SrtpSender CreateSender(bool localIsClient) => localIsClient
        ? new SrtpSender(Profile, ClientKey, ClientSalt)
        : new SrtpSender(Profile, ServerKey, ServerSalt);

    /// <summary>The receiving half for the side that was the DTLS client or server.</summary>
    public SrtpReceiver CreateReceiver(bool localIsClient) => localIsClient
        ? new SrtpReceiver(Profile, ServerKey, ServerSalt)
        : new SrtpReceiver(Profile, ClientKey, ClientSalt);

    public void Dispose() => CryptographicOperations.ZeroMemory(_exported);

    public override string ToString() => $"SrtpKeyMaterial({Profile})";
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RtcPlatform.Crypto.Native;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Dtls;

/// <summary>
/// The certificate of this process and the OpenSSL context made from it once: DTLS 1.2 only, ECDHE with AEAD ciphers, a
/// certificate demanded from the peer, use_srtp in our order of preference. One per process; may be shared by threads.
/// </summary>
public sealed unsafe class DtlsIdentity : IDisposable
{
    /// <summary>Days before and after <c>now</c> in which the certificate is valid; the peer looks at its hash alone.</summary>
    private const int ValidDaysBefore = 1;
    private const int ValidDaysAfter = 365;

    private static readonly SrtpProfile[] DefaultProfiles =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1_80];

    private readonly SslContext _context;

    private DtlsIdentity(SslContext context, byte[] certificate)
    {
        _context = context;
        Certificate = certificate;
        Fingerprint = DtlsFingerprint.OfCertificate(certificate);
        FingerprintSha256 = Fingerprint.ToHex();
    }

    /// <summary>What SDP announces (<c>ToString()</c> is the value of the <c>a=fingerprint</c> line).</summary>
    public DtlsFingerprint Fingerprint { get; }

    /// <summary>The SHA-256 of the certificate: <c>AB:CD:…</c>, 32 pairs.</summary>
    public string FingerprintSha256 { get; }

    /// <summary>DER.</summary>
    public ReadOnlyMemory<byte> Certificate { get; }

    /// <summary>Makes a new P-256 key and a self-signed certificate.</summary>
    /// <param name="now">The certificate is valid from one day before to a year after.</param>
    /// <param name="serial">1 to 20 unpredictable bytes.</param>
    /// <param name="profiles">SRTP profiles, the preferred first; when null AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES128_CM_HMAC_SHA1_80.</param>
    /// <exception cref="CryptographicException">OpenSSL is missing something that this needs.</exception>
    public static DtlsIdentity Create(DateTimeOffset now, ReadOnlySpan<byte> serial, IReadOnlyList<SrtpProfile>? profiles = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(serial.Length, nameof(serial));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serial.Length, 20, nameof(serial));
        // A DER integer of a certificate is positive and not padded (RFC 5280 section 4.1.2.2).
        var positive = serial.ToArray();
        positive[0] = (byte)(positive[0] & 0x7F | 0x40);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=WebRTC");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            name, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-ValidDaysBefore), now.AddDays(ValidDaysAfter), positive);
        var privateKey = key.ExportECPrivateKey();
        try
        {
            return new DtlsIdentity(new SslContext(certificate.RawData, privateKey, ProfileList(profiles)), certificate.RawData);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public void Dispose() => _context.Dispose();

    /// <summary>A new SSL object; it keeps the context alive by itself.</summary>
    internal nint NewSsl()
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
        return _context.NewSsl();
    }

    public override string ToString() => $"DtlsIdentity({Fingerprint})";

    private static string ProfileList(IReadOnlyList<SrtpProfile>? profiles) =>
        string.Join(':', (profiles is { Count: > 0 } ? profiles : DefaultProfiles).Select(profile => profile switch
        {
            SrtpProfile.AeadAes128Gcm => "SRTP_AEAD_AES_128_GCM",
            SrtpProfile.AeadAes256Gcm => "SRTP_AEAD_AES_256_GCM",
            SrtpProfile.Aes128CmHmacSha1_80 => "SRTP_AES128_CM_SHA1_80",
            _ => throw new ArgumentException("Unknown SRTP profile.", nameof(profiles)),
        }));

    /// <summary>SSL_CTX.</summary>
    private sealed class SslContext : SafeHandle
    {
        /// <summary>
        /// The peer chooses its certificate: ECDSA in all browsers, RSA in some WHIP clients. AES-GCM alone, which every
        /// WebRTC client has (RFC 8827 section 6.5): <see cref="DtlsRecords"/> counts on its record layout.
        /// </summary>
        private static ReadOnlySpan<byte> Ciphers =>
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"u8
            + "ECDHE-RSA-AES256-GCM-SHA384\0"u8;

        public SslContext(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey, string profiles)
            : base(0, ownsHandle: true)
        {
            SetHandle(LibSsl.SSL_CTX_new(LibSsl.DTLS_method()));
            Require(handle != 0, "SSL_CTX_new");
            _ = LibSsl.SSL_CTX_set_options(handle, LibSsl.OptionNoQueryMtu | LibSsl.OptionNoTicket | LibSsl.OptionNoCompression
                | LibSsl.OptionServerPreference | LibSsl.OptionNoRenegotiation);
            Require(Control(LibSsl.ControlSetMinimumVersion, LibSsl.Dtls12) == 1, "minimum version");
            Require(Control(LibSsl.ControlSetMaximumVersion, LibSsl.Dtls12) == 1, "maximum version");
            _ = Control(LibSsl.ControlSessionCacheMode, 0);
            _ = Control(LibSsl.ControlMode, LibSsl.ModeReleaseBuffers);

            // Sizes the buffer that records are written into; without it OpenSSL has room for 16 KiB in each connection.
            Require(Control(LibSsl.ControlSetMaximumSendFragment, DatagramBio.MaximumDatagram) == 1, "record size");
            LibSsl.SSL_CTX_set_verify(handle, LibSsl.VerifyPeer | LibSsl.VerifyFailIfNoPeerCertificate, 0);
            LibSsl.SSL_CTX_set_cert_verify_callback(handle, &AcceptCertificate, 0);
            fixed (byte* ciphers = Ciphers, certificateAt = certificate, keyAt = privateKey)
            {
                Require(LibSsl.SSL_CTX_set_cipher_list(handle, ciphers) == 1, "cipher list");
                Require(LibSsl.SSL_CTX_use_certificate_ASN1(handle, certificate.Length, certificateAt) == 1, "certificate");
                Require(
                    LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.KeyTypeEc, handle, keyAt, new CLong(privateKey.Length)) == 1, "private key");
            }

            Span<byte> list = stackalloc byte[128];
            list.Clear();
            System.Text.Encoding.ASCII.GetBytes(profiles, list[..127]);
            fixed (byte* listAt = list)
            {
                Require(LibSsl.SSL_CTX_set_tlsext_use_srtp(handle, listAt) == 0, "SRTP profiles");
            }
        }

        public override bool IsInvalid => handle == 0;

        public nint NewSsl()
        {
            var added = false;
            try
            {
                DangerousAddRef(ref added);
                var ssl = LibSsl.SSL_new(handle);
                Require(ssl != 0, "SSL_new");
                return ssl;
            }
            finally
            {
                if (added)
                {
                    DangerousRelease();
                }
            }
        }

        protected override bool ReleaseHandle()
        {
            LibSsl.SSL_CTX_free(handle);
            return true;
        }

        /// <summary>
        /// Any certificate passes here: it is self-signed, and its hash is compared with signaling's after the handshake,
        /// before a key is handed out.
        /// </summary>
        [UnmanagedCallersOnly]
        private static int AcceptCertificate(nint store, nint argument) => 1;

        private long Control(int command, int argument) => LibSsl.SSL_CTX_ctrl(handle, command, new CLong(argument), null).Value;

        private static void Require(bool success, string what)
        {
            if (!success)
            {
                LibCrypto.ERR_clear_error();
                throw new CryptographicException($"OpenSSL refused: {what}.");
            }
        }
    }
}

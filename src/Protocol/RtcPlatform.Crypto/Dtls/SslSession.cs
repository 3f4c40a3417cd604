using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Native;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Dtls;

/// <summary>What one step of OpenSSL came to.</summary>
internal enum SslStep : byte
{
    Done,
    WantsMore,
    Closed,
    Alert,
    TimedOut,
    Failed,
}

/// <summary>One SSL object over a <see cref="DatagramBio"/>. Leaves nothing in the thread's OpenSSL error queue.</summary>
internal sealed unsafe class SslSession : SafeHandle
{
    /// <summary>SSL_R_DTLS… reason codes (sslerr.h): a received alert is 1000 + its number.</summary>
    private const int ReasonFirstAlert = 1000;
    private const int ReasonReadTimeoutExpired = 312;

    private const uint FirstTimeoutMicroseconds = 75_000;
    private const uint LongestTimeoutMicroseconds = 3_000_000;

    private readonly DatagramBio _queues;
    private GCHandle _queuesOwner;

    public SslSession(DtlsIdentity identity, DtlsRole role)
        : base(0, ownsHandle: true)
    {
        SetHandle(identity.NewSsl());
        var bio = DatagramBio.Create(out _queues, out _queuesOwner);
        LibSsl.SSL_set_bio(handle, bio, bio);
        _ = LibSsl.SSL_ctrl(handle, LibSsl.ControlSetMtu, new CLong(DatagramBio.MaximumDatagram), null);
        LibSsl.DTLS_set_timer_cb(handle, &NextTimeoutMicroseconds);
        if (role == DtlsRole.Client)
        {
            LibSsl.SSL_set_connect_state(handle);
        }
        else
        {
            LibSsl.SSL_set_accept_state(handle);
        }
    }

    public override bool IsInvalid => handle == 0;

    public DatagramBio Queues => _queues;

    public SslStep Handshake()
    {
        LibCrypto.ERR_clear_error();
        var result = LibSsl.SSL_do_handshake(handle);
        return result == 1 ? SslStep.Done : Classify(result);
    }

    /// <summary>Takes one application record; Done with its length, WantsMore when there is none.</summary>
    public SslStep Read(Span<byte> buffer, out int length)
    {
        LibCrypto.ERR_clear_error();
        fixed (byte* bufferAt = buffer)
        {
            var result = LibSsl.SSL_read(handle, bufferAt, buffer.Length);
            length = Math.Max(result, 0);
            return result > 0 ? SslStep.Done : Classify(result);
        }
    }

    /// <summary>Sends the last flight again when OpenSSL's own clock says that it is time.</summary>
    public SslStep Retransmit()
    {
        LibCrypto.ERR_clear_error();
        var result = LibSsl.SSL_ctrl(handle, LibSsl.ControlDtlsHandleTimeout, new CLong(0), null).Value;
        return result < 0 ? Classify(-1) : SslStep.Done;
    }

    /// <summary>
    /// Gives the record buffers back (17 KiB) after a handshake. Reading makes them anew; what only writes has to ask for
    /// them, since OpenSSL's DTLS writes without looking.
    /// </summary>
    public void ReleaseBuffers() => _ = LibSsl.SSL_free_buffers(handle);

    public void SendCloseNotify()
    {
        LibCrypto.ERR_clear_error();
        if (LibSsl.SSL_alloc_buffers(handle) != 1)
        {
            LibCrypto.ERR_clear_error();
            return;
        }

        _ = LibSsl.SSL_shutdown(handle);
        LibCrypto.ERR_clear_error();
    }

    /// <summary>Time left until <see cref="Retransmit"/>; null when nothing waits for an answer.</summary>
    public TimeSpan? RetransmitIn()
    {
        LibSsl.TimeValue left;
        return LibSsl.SSL_ctrl(handle, LibSsl.ControlDtlsGetTimeout, new CLong(0), &left).Value == 1
            ? TimeSpan.FromMicroseconds(left.Seconds * 1_000_000 + left.Microseconds)
            : null;
    }

    public bool PeerCertificateMatches(DtlsFingerprint expected)
    {
        var certificate = LibSsl.SSL_get1_peer_certificate(handle);
        if (certificate == 0)
        {
            return false;
        }

        try
        {
            var length = LibCrypto.i2d_X509(certificate, null);
            if (length <= 0)
            {
                return false;
            }

            var der = new byte[length];
            fixed (byte* derAt = der)
            {
                var cursor = derAt;
                return LibCrypto.i2d_X509(certificate, &cursor) == length && expected.Matches(der);
            }
        }
        finally
        {
            LibCrypto.X509_free(certificate);
        }
    }

    /// <summary>The agreed profile and its keys (RFC 5764 section 4.2); null when use_srtp agreed on nothing.</summary>
    public SrtpKeyMaterial? ExportKeys()
    {
        var selected = LibSsl.SSL_get_selected_srtp_profile(handle);
        if (selected == null)
        {
            return null;
        }

        var profile = (SrtpProfile)(ushort)selected->Id.Value;
        if (!profile.IsKnown)
        {
            return null;
        }

        var label = "EXTRACTOR-dtls_srtp"u8;
        Span<byte> exported = stackalloc byte[profile.ExporterLength];
        fixed (byte* exportedAt = exported, labelAt = label)
        {
            var success = LibSsl.SSL_export_keying_material(
                handle, exportedAt, (nuint)exported.Length, labelAt, (nuint)label.Length, null, 0, 0) == 1;
            var keys = success ? new SrtpKeyMaterial(profile, exported) : null;
            CryptographicOperations.ZeroMemory(exported);
            LibCrypto.ERR_clear_error();
            return keys;
        }
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        if (_queuesOwner.IsAllocated)
        {
            _queuesOwner.Free();
        }

        return true;
    }

    /// <summary>First timeout when OpenSSL passes 0, then the doubled last one (DTLS_set_timer_cb).</summary>
    [UnmanagedCallersOnly]
    private static uint NextTimeoutMicroseconds(nint ssl, uint last) =>
        last == 0 ? FirstTimeoutMicroseconds : Math.Min(last * 2, LongestTimeoutMicroseconds);

    private SslStep Classify(int result)
    {
        var error = LibSsl.SSL_get_error(handle, result);
        var reason = (int)(LibCrypto.ERR_peek_last_error() & 0x7F_FFFF);
        LibCrypto.ERR_clear_error();
        return error switch
        {
            LibSsl.ErrorNone => SslStep.Done,
            LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite => SslStep.WantsMore,
            LibSsl.ErrorZeroReturn => SslStep.Closed,

            // Nothing was queued: OpenSSL threw a damaged record away and did not ask for more. Our BIO has no end of file.
            LibSsl.ErrorSystemCall when reason == 0 => SslStep.WantsMore,
            _ when reason == ReasonReadTimeoutExpired => SslStep.TimedOut,
            _ when reason is >= ReasonFirstAlert and < ReasonFirstAlert + 256 => SslStep.Alert,
            _ => SslStep.Failed,
        };
    }
}

using System.Runtime.InteropServices;

namespace RtcPlatform.Crypto.Native;

/// <summary>The part of OpenSSL 3's libssl that is used here, with its constants (ssl.h, tls1.h, bio.h of 3.0).</summary>
internal static unsafe class LibSsl
{
    private const string Library = "libssl.so.3";

    public const int Dtls12 = 0xFEFD;
    public const int ControlSetMtu = 17;
    public const int ControlMode = 33;
    public const int ControlSessionCacheMode = 44;
    public const int ControlSetMaximumSendFragment = 52;
    public const int ControlDtlsGetTimeout = 73;
    public const int ControlDtlsHandleTimeout = 74;
    public const int ControlSetMinimumVersion = 123;
    public const int ControlSetMaximumVersion = 124;

    public const ulong OptionNoQueryMtu = 1UL << 12;
    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoCompression = 1UL << 17;
    public const ulong OptionServerPreference = 1UL << 22;
    public const ulong OptionNoRenegotiation = 1UL << 30;

    public const int ModeReleaseBuffers = 0x10;
    public const int VerifyPeer = 1;
    public const int VerifyFailIfNoPeerCertificate = 2;
    public const int KeyTypeEc = 408;

    public const int ErrorNone = 0;
    public const int ErrorSsl = 1;
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorSystemCall = 5;
    public const int ErrorZeroReturn = 6;

    [DllImport(Library)]
    public static extern nint DTLS_method();

    [DllImport(Library)]
    public static extern nint SSL_CTX_new(nint method);

    [DllImport(Library)]
    public static extern void SSL_CTX_free(nint context);

    [DllImport(Library)]
    public static extern CLong SSL_CTX_ctrl(nint context, int command, CLong argument, void* pointer);

    [DllImport(Library)]
    public static extern ulong SSL_CTX_set_options(nint context, ulong options);

    [DllImport(Library)]
    public static extern int SSL_CTX_set_cipher_list(nint context, byte* list);

    [DllImport(Library)]
    public static extern int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* der);

    [DllImport(Library)]
    public static extern int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, byte* der, CLong length);

    [DllImport(Library)]
    public static extern void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [DllImport(Library)]
    public static extern void SSL_CTX_set_cert_verify_callback(nint context, delegate* unmanaged<nint, nint, int> callback, nint argument);

    /// <summary>0 is success, unlike elsewhere.</summary>
    [DllImport(Library)]
    public static extern int SSL_CTX_set_tlsext_use_srtp(nint context, byte* profiles);

    [DllImport(Library)]
    public static extern nint SSL_new(nint context);

    [DllImport(Library)]
    public static extern void SSL_free(nint ssl);

    /// <summary>0 when there is something left to read or to send.</summary>
    [DllImport(Library)]
    public static extern int SSL_free_buffers(nint ssl);

    [DllImport(Library)]
    public static extern int SSL_alloc_buffers(nint ssl);

    [DllImport(Library)]
    public static extern void SSL_set_bio(nint ssl, nint read, nint write);

    [DllImport(Library)]
    public static extern void SSL_set_accept_state(nint ssl);

    [DllImport(Library)]
    public static extern void SSL_set_connect_state(nint ssl);

    [DllImport(Library)]
    public static extern int SSL_do_handshake(nint ssl);

    [DllImport(Library)]
    public static extern int SSL_get_error(nint ssl, int result);

    [DllImport(Library)]
    public static extern int SSL_read(nint ssl, byte* buffer, int length);

    [DllImport(Library)]
    public static extern int SSL_shutdown(nint ssl);

    [DllImport(Library)]
    public static extern CLong SSL_ctrl(nint ssl, int command, CLong argument, void* pointer);

    [DllImport(Library)]
    public static extern void DTLS_set_timer_cb(nint ssl, delegate* unmanaged<nint, uint, uint> callback);

    [DllImport(Library)]
    public static extern SrtpProtectionProfile* SSL_get_selected_srtp_profile(nint ssl);

    [DllImport(Library)]
    public static extern int SSL_export_keying_material(
        nint ssl, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    [DllImport(Library)]
    public static extern nint SSL_get1_peer_certificate(nint ssl);

    /// <summary>SRTP_PROTECTION_PROFILE of srtp.h.</summary>
    public struct SrtpProtectionProfile
    {
        public byte* Name;
        public CULong Id;
    }

    /// <summary>struct timeval of a 64-bit Linux.</summary>
    public struct TimeValue
    {
        public long Seconds;
        public long Microseconds;
    }
}

using System.Runtime.InteropServices;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

/// <summary>Debian's libsrtp2 as a second opinion (srtp.h of 2.5).</summary>
internal sealed unsafe class LibSrtp : IDisposable
{
    private const string Library = "libsrtp2.so.1";
    private const int SsrcAnyInbound = 2;
    private const int SsrcAnyOutbound = 3;

    /// <summary>srtp_init succeeds once per process.</summary>
    private static readonly bool Usable = NativeLibrary.TryLoad(Library, out _) && srtp_init() == 0;

    private nint _session;

    public LibSrtp(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, bool outbound)
    {
        Assert.SkipUnless(Usable, "libsrtp2.so.1 is not installed (Debian: libsrtp2-1)");
        byte[] master = [.. key, .. salt];
        Policy policy = default;
        switch (profile)
        {
            case SrtpProfile.AeadAes128Gcm:
                srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.Rtp);
                srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.Rtcp);
                break;
            case SrtpProfile.AeadAes256Gcm:
                srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.Rtp);
                srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.Rtcp);
                break;
            default:
                srtp_crypto_policy_set_rtp_default(&policy.Rtp);
                srtp_crypto_policy_set_rtp_default(&policy.Rtcp);
                break;
        }

        fixed (byte* masterAt = master)
        fixed (nint* session = &_session)
        {
            policy.SsrcType = outbound ? SsrcAnyOutbound : SsrcAnyInbound;
            policy.Key = masterAt;
            policy.WindowSize = new CULong(1024);
            Assert.Equal(0, srtp_create(session, &policy));
        }
    }

    public byte[] Protect(ReadOnlySpan<byte> packet, bool rtcp) => Run(packet, rtcp ? &srtp_protect_rtcp : &srtp_protect)!;

    /// <summary>Null when libsrtp refuses.</summary>
    public byte[]? Unprotect(ReadOnlySpan<byte> packet, bool rtcp) => Run(packet, rtcp ? &srtp_unprotect_rtcp : &srtp_unprotect);

    public void Dispose()
    {
        if (_session != 0)
        {
            _ = srtp_dealloc(_session);
            _session = 0;
        }
    }

    private byte[]? Run(ReadOnlySpan<byte> packet, delegate*<nint, byte*, int*, int> call)
    {
        var buffer = new byte[packet.Length + 160];
        packet.CopyTo(buffer);
        var length = packet.Length;
        int status;
        fixed (byte* bufferAt = buffer)
        {
            status = call(_session, bufferAt, &length);
        }

        return status == 0 ? buffer[..length] : null;
    }

    [DllImport(Library)]
    private static extern int srtp_init();

    [DllImport(Library)]
    private static extern int srtp_create(nint* session, Policy* policy);

    [DllImport(Library)]
    private static extern int srtp_dealloc(nint session);

    [DllImport(Library)]
    private static extern void srtp_crypto_policy_set_rtp_default(CryptoPolicy* policy);

    [DllImport(Library)]
    private static extern void srtp_crypto_policy_set_aes_gcm_128_16_auth(CryptoPolicy* policy);

    [DllImport(Library)]
    private static extern void srtp_crypto_policy_set_aes_gcm_256_16_auth(CryptoPolicy* policy);

    [DllImport(Library)]
    private static extern int srtp_protect(nint session, byte* packet, int* length);

    [DllImport(Library)]
    private static extern int srtp_unprotect(nint session, byte* packet, int* length);

    [DllImport(Library)]
    private static extern int srtp_protect_rtcp(nint session, byte* packet, int* length);

    [DllImport(Library)]
    private static extern int srtp_unprotect_rtcp(nint session, byte* packet, int* length);

    /// <summary>srtp_crypto_policy_t.</summary>
    private struct CryptoPolicy
    {
        public uint CipherType;
        public int CipherKeyLength;
        public uint AuthenticationType;
        public int AuthenticationKeyLength;
        public int TagLength;
        public int Services;
    }

    /// <summary>srtp_policy_t.</summary>
    private struct Policy
    {
        public int SsrcType;
        public uint SsrcValue;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public byte* Key;
        public void** Keys;
        public CULong KeyCount;
        public nint DeprecatedEkt;
        public CULong WindowSize;
        public int AllowRepeatTransmit;
        public int* EncryptedExtensions;
        public int EncryptedExtensionCount;
        public Policy* Next;
    }
}

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// DTLS-SRTP protection profile; the value is its number in the use_srtp extension (RFC 5764 section 4.1.2,
/// RFC 7714 section 14.2).
/// </summary>
public enum SrtpProfile : ushort
{
    /// <summary>AES-128 in counter mode, 80-bit HMAC-SHA1 tag. The one that every WebRTC client has.</summary>
    Aes128CmHmacSha1_80 = 0x0001,

    /// <summary>AEAD_AES_128_GCM, 128-bit tag. The cheapest on CPUs with carry-less multiplication.</summary>
    AeadAes128Gcm = 0x0007,

    /// <summary>AEAD_AES_256_GCM, 128-bit tag.</summary>
    AeadAes256Gcm = 0x0008,
}

/// <summary>Lengths that a profile fixes, in bytes (RFC 5764 section 4.1.2, RFC 7714 sections 12 and 14.2).</summary>
public static class SrtpProfileFacts
{
    /// <summary>What SRTCP adds besides the tag: the E flag and the 31-bit index (RFC 3711 section 3.4).</summary>
    public const int RtcpIndexLength = 4;

    extension(SrtpProfile profile)
    {
        /// <summary>Whether the profile is one that this library implements.</summary>
        public bool IsKnown => profile is SrtpProfile.Aes128CmHmacSha1_80 or SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm;

        /// <summary>Whether one AEAD does both encryption and authentication.</summary>
        public bool IsAead => profile is SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm;

        /// <summary>Master key and session cipher key.</summary>
        public int KeyLength => profile == SrtpProfile.AeadAes256Gcm ? 32 : 16;

        /// <summary>Master salt and session salt.</summary>
        public int SaltLength => profile == SrtpProfile.Aes128CmHmacSha1_80 ? 14 : 12;

        /// <summary>Authentication tag of SRTP and of SRTCP.</summary>
        public int TagLength => profile == SrtpProfile.Aes128CmHmacSha1_80 ? 10 : 16;

        /// <summary>Bytes by which an RTP packet grows.</summary>
        public int RtpOverhead => profile.TagLength;

        /// <summary>Bytes by which a (compound) RTCP packet grows.</summary>
        public int RtcpOverhead => profile.TagLength + RtcpIndexLength;

        /// <summary>Length of the RFC 5764 section 4.2 exporter output: two keys, then two salts.</summary>
        public int ExporterLength => 2 * (profile.KeyLength + profile.SaltLength);
    }
}

using System.Collections.Immutable;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>Profiles by the names that IANA registered (RFC 5764 section 4.1.2, RFC 7714 section 14.2), without "SRTP_".</summary>
public static class SrtpProfileNames
{
    /// <summary>Reads names separated by commas, each once.</summary>
    public static bool TryParseList(string text, out ImmutableArray<SrtpProfile> profiles)
    {
        SrtpProfile?[] named = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(static name => name switch
        {
            "AEAD_AES_128_GCM" => SrtpProfile.AeadAes128Gcm,
            "AEAD_AES_256_GCM" => SrtpProfile.AeadAes256Gcm,
            "AES128_CM_HMAC_SHA1_80" => SrtpProfile.Aes128CmHmacSha1_80,
            _ => (SrtpProfile?)null,
        })];
        profiles = [.. named.Where(static p => p is not null).Select(static p => p!.Value).Distinct()];
        return profiles.Length == named.Length;
    }
}

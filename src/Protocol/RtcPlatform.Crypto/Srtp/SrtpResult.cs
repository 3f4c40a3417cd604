namespace RtcPlatform.Crypto.Srtp;

/// <summary>What became of a received packet. Everything but <see cref="Ok"/> is a reason to drop and count it.</summary>
public enum SrtpResult : byte
{
    /// <summary>Authentic, new and decrypted in place.</summary>
    Ok,

    /// <summary>Shorter than its header, tag and (SRTCP) index together. Not touched.</summary>
    TooShort,

    /// <summary>A packet with this index was accepted before (RFC 3711 section 3.3.2). Not touched.</summary>
    Replayed,

    /// <summary>Its index lies before the replay window. Not touched.</summary>
    TooOld,

    /// <summary>The tag does not match: wrong key, wrong rollover guess, or changed on the way.</summary>
    AuthenticationFailed,

    /// <summary>A source not heard before, while the table of sources is full. Not touched.</summary>
    TooManySources,

    /// <summary>SRTCP without the E flag; WebRTC encrypts all RTCP. Not touched.</summary>
    NotEncrypted,
}

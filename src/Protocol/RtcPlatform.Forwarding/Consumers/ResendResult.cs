namespace RtcPlatform.Forwarding.Consumers;

/// <summary>What a NACK for one packet came to.</summary>
public enum ResendResult : byte
{
    Found,

    /// <summary>The number was never used, or so long ago that it is forgotten.</summary>
    NotSent,

    /// <summary>The packet was here and is overwritten.</summary>
    CacheMiss,

    /// <summary>The publisher's packet was lost; it is forwarded when the publisher sends it again.</summary>
    NeverArrived,

    /// <summary>Resent a moment ago.</summary>
    Throttled,
}

namespace RtcPlatform.Wire.Muxing;

/// <summary>
/// Why a datagram, or one subscriber's copy of a packet, went no further. One enum for the whole media path, in the order
/// in which a packet meets them; a value is never reused, since metrics carry its name.
/// </summary>
public enum DropReason : byte
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    // Socket and dispatch.

    /// <summary>Longer than a receive slot, so its end is missing.</summary>
    DatagramTooLarge,

    /// <summary>No octet at all.</summary>
    DatagramEmpty,

    /// <summary>A first octet that RFC 7983 gives to no protocol of ours.</summary>
    DatagramUnknownKind,

    /// <summary>Neither its address nor its STUN user name belongs to a peer.</summary>
    UnknownPeer,

    /// <summary>The kernel refused to send.</summary>
    SendError,

    /// <summary>A defect of ours was met while the datagram was handled; its peer was ended.</summary>
    InternalDefect,

    // STUN.

    StunMalformed,
    StunBadFingerprint,
    StunMissingAttribute,
    StunUnknownUser,
    StunBadIntegrity,
    StunUnknownAttribute,
    StunRoleConflict,
    StunUnexpected,

    // DTLS.

    /// <summary>DTLS for a peer that has no handshake, or from an address that no check confirmed.</summary>
    DtlsUnexpected,

    /// <summary>RTP, RTCP or a packet to send, before the handshake gave keys.</summary>
    NotDtlsConnected,

    // RTP.

    RtpMalformed,
    SrtpReplayed,
    SrtpTooOld,
    SrtpAuthFailed,

    /// <summary>No section claims the source by SSRC, MID, RID or payload type (RFC 8843 section 9.2).</summary>
    UnknownSource,

    /// <summary>The section would claim it, but the peer's bounded table of learned sources is full.</summary>
    TooManySources,

    UnknownPayloadType,

    /// <summary>A retransmission without its original sequence number, or a probe: nothing to forward (RFC 4588).</summary>
    RtxEmpty,

    /// <summary>A retransmission of what had already arrived.</summary>
    RtxDuplicate,

    /// <summary>Padding only: congestion probes (RFC 3550 section 5.1).</summary>
    RtpPaddingOnly,

    // RTCP.

    RtcpMalformed,

    // Forwarding.

    NoConsumer,

    /// <summary>Feedback about a source that we do not send: once per message, while its datagram was handled.</summary>
    RtcpUnknownSource,

    /// <summary>So late that the cache has gone on: no subscriber waits for it.</summary>
    ArrivedTooLate,

    /// <summary>The way to another shard of the room was full; once per such shard.</summary>
    PipeFull,

    ConsumerPaused,
    ProducerPaused,
    WaitingForKeyFrame,
    LayerNotSelected,
    CodecNotNegotiated,

    /// <summary>Older than the point at which the consumer joined or switched layers.</summary>
    BeforeSwitch,

    RtxCacheMiss,
    RtxThrottled,

    /// <summary>The client negotiated no retransmission stream.</summary>
    RtxNotNegotiated,

    // Sending.

    /// <summary>No address was nominated, or consent is gone.</summary>
    NotConnected,

    /// <summary>Header, payload and tag exceed the outgoing slot.</summary>
    PacketTooLarge,

    /// <summary>The peer was closed.</summary>
    PeerClosed,
}

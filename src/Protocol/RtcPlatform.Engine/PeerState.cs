namespace RtcPlatform.Engine;

/// <summary>How far a peer's connection is. Only <see cref="Connected"/> and <see cref="Disconnected"/> can send.</summary>
public enum PeerState : byte
{
    /// <summary>No address nominated yet, or no keys yet.</summary>
    New = 0,

    Connected,

    /// <summary>Nothing authentic was heard for some seconds; heals by itself.</summary>
    Disconnected,

    /// <summary>Consent is gone (RFC 7675): nothing is sent until an ICE restart is nominated.</summary>
    Failed,

    Closed,
}

/// <summary>Why the peer wants to be called at its next deadline.</summary>
public enum DeadlineReason : byte
{
    None = 0,
    Consent,
    Report,
    Nack,
    TransportFeedback,
    KeyFrameRequest,
}

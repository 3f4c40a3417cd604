namespace RtcPlatform.Crypto.Dtls;

/// <summary>Life of a <see cref="DtlsConnection"/>; it only moves down this list.</summary>
public enum DtlsState : byte
{
    /// <summary>A client that was not started, or a server that has seen no datagram.</summary>
    New,

    Handshaking,

    /// <summary>Certificate checked, SRTP keys there.</summary>
    Connected,

    /// <summary>Ended by close_notify, ours or the peer's.</summary>
    Closed,

    /// <summary>Ended for the reason in <see cref="DtlsConnection.Failure"/>.</summary>
    Failed,
}

/// <summary>Why a connection failed.</summary>
public enum DtlsFailure : byte
{
    None,

    /// <summary>The peer's certificate is not the one that signaling announced (RFC 8122 section 6.2).</summary>
    FingerprintMismatch,

    /// <summary>The sides have no SRTP profile in common, or the peer offered none.</summary>
    NoSrtpProfile,

    /// <summary>The peer's messages break the protocol, or no version, cipher or curve fits.</summary>
    ProtocolError,

    /// <summary>No handshake within <see cref="DtlsConnection.HandshakeTimeout"/>.</summary>
    Timeout,

    /// <summary>The peer sent a fatal alert.</summary>
    Alert,
}

namespace RtcPlatform.MediaClient.Peer;

/// <summary>How far a <see cref="ClientPeer"/> is; it only moves down this list.</summary>
internal enum PeerPhase
{
    /// <summary>Connectivity checks are not answered yet.</summary>
    Checking,

    /// <summary>DTLS.</summary>
    Handshaking,

    Connected,

    Failed,
}

namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// The header extension ids (RFC 8285) negotiated for one media section: 1 to 255, 0 = not negotiated. The offerer
/// chooses the numbers, so they differ from peer to peer.
/// </summary>
public readonly record struct HeaderExtensionIds
{
    /// <summary>urn:ietf:params:rtp-hdrext:sdes:mid (RFC 9143)</summary>
    public byte Mid { get; init; }

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id (RFC 8852)</summary>
    public byte Rid { get; init; }

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id (RFC 8852)</summary>
    public byte RepairedRid { get; init; }

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time</summary>
    public byte AbsSendTime { get; init; }

    /// <summary>http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01</summary>
    public byte TransportCc { get; init; }

    /// <summary>urn:ietf:params:rtp-hdrext:ssrc-audio-level (RFC 6464)</summary>
    public byte AudioLevel { get; init; }

    /// <summary>urn:3gpp:video-orientation</summary>
    public byte VideoOrientation { get; init; }

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/playout-delay</summary>
    public byte PlayoutDelay { get; init; }

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time</summary>
    public byte AbsCaptureTime { get; init; }

    /// <summary>https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension</summary>
    public byte DependencyDescriptor { get; init; }
}

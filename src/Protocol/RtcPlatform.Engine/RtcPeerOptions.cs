using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Engine;

/// <summary>What a peer is born with; everything else comes from its plans.</summary>
public sealed record RtcPeerOptions
{
    /// <summary>Our ICE user fragment, 4 to 256 ICE characters (RFC 8839 section 5.4); unique on the node, which finds the peer by it.</summary>
    public required string LocalUfrag { get; init; }

    /// <summary>Our ICE password, 22 to 256 ICE characters.</summary>
    public required string LocalPassword { get; init; }

    /// <summary>RTCP canonical name, 1 to 255 octets; random per peer, so that it tells nothing (RFC 7022).</summary>
    public required string Cname { get; init; }

    /// <summary>Seed of the peer's chance: report jitter, first sequence numbers, its own report source.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// Without an authentic packet for so long the peer is <see cref="PeerState.Disconnected"/>. RFC 7675 lets a client send
    /// a check only every 4 to 6 s, so less than 6 s would accuse healthy clients that neither send nor receive media.
    /// </summary>
    public TimeSpan DisconnectedAfter { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Without an authentic check for so long consent is gone and nothing more is sent (RFC 7675 section 5.1).</summary>
    public TimeSpan FailedAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where the tags of outgoing RTP packets may wait: for a sink whose memory does not move and that completes the batch
    /// before it sends. Null = each packet is complete when it is committed.
    /// </summary>
    public SrtpTagBatch? Tags { get; init; }
}

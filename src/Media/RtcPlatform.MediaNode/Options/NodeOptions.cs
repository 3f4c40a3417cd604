using System.Collections.Immutable;
using System.Net;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.MediaNode.Options;

/// <summary>What one media node process is told at its start. Command line, except for the secret.</summary>
public sealed record NodeOptions
{
    /// <summary>First UDP port, 0 to 65535 (0 = any); further shards take the ports after it. Default 7882.</summary>
    public int MediaPort { get; init; } = 7882;

    /// <summary>Address that the media socket is bound to. Default 0.0.0.0.</summary>
    public IPAddress Host { get; init; } = IPAddress.Any;

    /// <summary>Addresses that clients are told; without any, the host address or else those of the network interfaces.</summary>
    public ImmutableArray<IPAddress> Announce { get; init; } = [];

    /// <summary>The control plane's node endpoint, <c>ws://</c> or <c>wss://</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>Stable name of this node among all. Default: the machine's name.</summary>
    public string NodeId { get; init; } = Environment.MachineName;

    /// <summary>Where the node stands, for placement. Default "local".</summary>
    public string Region { get; init; } = "local";

    /// <summary>Threads that forward media, 1 to 64, each with a port of its own. Default 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>
    /// Packets per second, received and sent together, that a shard takes on, 1000 to 10,000,000. Default 100,000. Counted before
    /// they flow: 170 for a video, 50 for an audio, 0 for a muted track, once for its publisher and once for each subscriber. What
    /// goes beyond it on every shard is refused, so that those who are connected keep their quality.
    /// </summary>
    public int ShardCapacity { get; init; } = 100_000;

    /// <summary>
    /// How long a busy shard (5000 datagrams sent per second) waits for more packets before it forwards the first, 0 to
    /// 10 ms. Default 1 ms. It delays every packet by as much at most, so that more of them share a message; 0 forwards at once.
    /// </summary>
    public TimeSpan GatherFor { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// SRTP profiles that the node accepts, its favourite first. Default: AEAD_AES_128_GCM (the cheapest), AEAD_AES_256_GCM,
    /// AES128_CM_HMAC_SHA1_80. A client that has none of them cannot connect.
    /// </summary>
    public ImmutableArray<SrtpProfile> SrtpProfiles { get; init; } =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1_80];

    /// <summary>Shared with the control plane; environment variable <c>RTC_NODE_SECRET</c>.</summary>
    public required string Secret { get; init; }

    /// <summary>
    /// Without an authentic packet for so long a client counts as disconnected. Default 7 s, since clients check every 4 to
    /// 6 s; not on the command line, because less accuses healthy clients.
    /// </summary>
    public TimeSpan DisconnectedAfter { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Without an authentic check for so long a transport has failed (RFC 7675 section 5.1). Default 30 s; not on the command line.</summary>
    public TimeSpan FailedAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The record's printed form without the secret.</summary>
    public override string ToString() => $"NodeOptions({NodeId}, {Region}, {Host}:{MediaPort}, {Server}, {Shards} shards)";
}

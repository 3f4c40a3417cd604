namespace RtcPlatform.Cli.Up;

/// <summary>What <c>rtc up</c> was asked for.</summary>
internal sealed record UpOptions
{
    /// <summary>TCP port of HTTP and signaling.</summary>
    public required int Port { get; init; }

    /// <summary>UDP port of the media node.</summary>
    public required int MediaPort { get; init; }

    /// <summary>
    /// Address to listen on and to announce to clients; null = HTTP on 127.0.0.1, and media on every address of this machine:
    /// Firefox does not use loopback for media unless the page may use the camera already.
    /// </summary>
    public required string? Host { get; init; }

    /// <summary>Where HTTP is bound.</summary>
    public string HttpHost => Host ?? "127.0.0.1";

    /// <summary>Where the media socket is bound.</summary>
    public string MediaHost => Host ?? "0.0.0.0";

    /// <summary>Addresses that clients are told for media, separated by commas; null = where the media socket is bound.</summary>
    public string? Announce { get; init; }

    /// <summary>Absolute path of the folder that holds everything that survives: database, credentials, logs.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A PostgreSQL of the operator's own; null = a private one in the data folder.</summary>
    public required string? ConnectionString { get; init; }

    /// <summary>As the media node's option of the same name; null = its default.</summary>
    public string? SrtpProfiles { get; init; }

    /// <summary>As the media node's option of the same name: UDP ports and threads, from <see cref="MediaPort"/> up.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>As the media node's option of the same name: packets per second of each shard, in and out.</summary>
    public int ShardCapacity { get; init; } = 100_000;

    public required Layout Layout { get; init; }

    public string Url => $"http://{(HttpHost is "0.0.0.0" or "::" ? "127.0.0.1" : HttpHost)}:{Port}";
}

namespace RtcPlatform.Api.HttpSessions;

/// <summary>Limits of WHIP and WHEP.</summary>
public sealed class HttpSessionOptions
{
    /// <summary>Octets of an offer, answer or fragment, 4 KiB to 512 KiB. Default 128 KiB. More is 413.</summary>
    public int MaximumSdpBytes { get; set; } = 128 * 1024;

    /// <summary>POSTs of one participant per second in the long run, above 0. Default 2. More is 429.</summary>
    public double PostsPerSecond { get; set; } = 2;

    /// <summary>POSTs of one participant at once, at least 1. Default 10.</summary>
    public int PostBurst { get; set; } = 10;

    /// <summary>PATCH, DELETE and event requests to one session per second in the long run, above 0. Default 10. More is 429.</summary>
    public double RequestsPerSecond { get; set; } = 10;

    /// <summary>Requests to one session at once, at least 1. Default 50.</summary>
    public int RequestBurst { get; set; } = 50;

    /// <summary>Refused requests (401, 403, 404) of one address per second, above 0. Default 10. More is 429 for all of its requests.</summary>
    public double RefusalsPerSecond { get; set; } = 10;

    /// <summary>Refused requests of one address at once, at least 1. Default 100.</summary>
    public int RefusalBurst { get; set; } = 100;

    /// <summary>Set-ups under way at a time on this server, at least 1. Default 1024. More is 503.</summary>
    public int MaximumSetups { get; set; } = 1024;

    /// <summary>
    /// Seconds in which a player must answer a counter-offer, 1 to 25. Default 20; then the session ends. The media node itself
    /// waits 30 s for a client.
    /// </summary>
    public int CounterOfferSeconds { get; set; } = 20;

    /// <summary>The region of this edge. Default <c>local</c>.</summary>
    public string Region { get; set; } = "local";

    /// <summary>Region → base URL of its edge: <c>POST …?region=eu</c> is sent there by 307. Default: none.</summary>
    public IDictionary<string, string> Regions { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Load of every media node (1 is a busy core, or 1000 transports) from which POSTs are sent on. Default 0: never.</summary>
    public double OverloadAt { get; set; }

    /// <summary>Base URL of the edge that takes over then. Default: none, then 503.</summary>
    public string OverflowUrl { get; set; } = "";

    /// <summary>What clients are told by <c>Link</c> headers; filled by the host. Default: none.</summary>
    public IList<IceServerLink> IceServers { get; } = [];

    /// <returns>One line per fault.</returns>
    public IEnumerable<string> FindFaults()
    {
        if (MaximumSdpBytes is < 4 * 1024 or > 512 * 1024)
        {
            yield return "HttpSessions:MaximumSdpBytes must be 4096 to 524288";
        }

        if (!(PostsPerSecond > 0 && RequestsPerSecond > 0 && RefusalsPerSecond > 0))
        {
            yield return "HttpSessions:PostsPerSecond, RequestsPerSecond and RefusalsPerSecond must be above 0";
        }

        if (PostBurst < 1 || RequestBurst < 1 || RefusalBurst < 1 || MaximumSetups < 1)
        {
            yield return "HttpSessions:PostBurst, RequestBurst, RefusalBurst and MaximumSetups must be at least 1";
        }

        if (CounterOfferSeconds is < 1 or > 25)
        {
            yield return "HttpSessions:CounterOfferSeconds must be 1 to 25";
        }

        string[] urls = [.. Regions.Values, .. OverflowUrl.Length > 0 ? new[] { OverflowUrl } : []];
        foreach (string url in urls.Where(static url => !IsWebAddress(url)))
        {
            yield return $"HttpSessions: '{url}' is no http or https URL";
        }
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https");
}

/// <summary>A STUN or TURN server as RFC 9725 section 4.6 has it in a <c>Link</c> header.</summary>
/// <param name="Url">Such as <c>turn:turn.example.net?transport=udp</c> (RFC 7064, 7065).</param>
/// <param name="Username">Null for STUN.</param>
public sealed record IceServerLink(string Url, string? Username = null, string? Credential = null)
{
    /// <summary>The value of the header; quotes and backslashes of credentials are escaped (RFC 9110 section 5.6.4).</summary>
    public override string ToString() => Username is null
        ? $"<{Url}>; rel=\"ice-server\""
        : $"<{Url}>; rel=\"ice-server\"; username=\"{Escape(Username)}\"; credential=\"{Escape(Credential ?? "")}\"; credential-type=\"password\"";

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

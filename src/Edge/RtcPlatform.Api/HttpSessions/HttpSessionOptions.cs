namespace RtcPlatform.Api.HttpSessions;

/// <summary>Limits of WHIP and WHEP.</summary>
public sealed class HttpSessionOptions
{
    /// <summary>Octets of an offer, answer or fragment, 4 KiB to 512 KiB. Default 128 KiB. More is 413.</summary>
    public int MaximumSdpBytes { get; set; } = 128 * 1024;

    /// <summary>What clients are told by <c>Link</c> headers; filled by the host. Default: none.</summary>
    public IList<IceServerLink> IceServers { get; } = [];

    /// <returns>One line per fault.</returns>
    public IEnumerable<string> FindFaults()
    {
        if (MaximumSdpBytes is < 4 * 1024 or > 512 * 1024)
        {
            yield return "HttpSessions:MaximumSdpBytes must be 4096 to 524288";
        }
    }
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

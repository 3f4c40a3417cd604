namespace RtcPlatform.LoadGenerator.Plans;

/// <summary>Who a session is, as URLs and tokens are made from it.</summary>
/// <param name="Identity">Of the session itself.</param>
/// <param name="Watched">Identity of the publisher that is watched; empty for publishers.</param>
public sealed record SessionName(string Room, string Identity, string Watched)
{
    public bool Publishes => Watched.Length == 0;
}

/// <summary>A server that speaks WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep).</summary>
public sealed record WebRtcTarget
{
    public required UrlTemplate Whip { get; init; }

    public required UrlTemplate Whep { get; init; }

    /// <summary>The bearer token of a session; null = none is sent. Any thread.</summary>
    public Func<SessionName, CancellationToken, ValueTask<string?>> Token { get; init; } = static (_, _) => default;
}

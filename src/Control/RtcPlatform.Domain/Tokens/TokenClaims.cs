namespace RtcPlatform.Domain.Tokens;

/// <summary>The claims that matter to us; names and defaults are those of LiveKit's access tokens.</summary>
/// <param name="Issuer"><c>iss</c>: the API key's id.</param>
/// <param name="Subject"><c>sub</c>: the participant's identity; may be empty in tokens that only ask.</param>
/// <param name="ExpiresAt"><c>exp</c>.</param>
/// <param name="NotBefore"><c>nbf</c>; null when the token says nothing.</param>
/// <param name="Name">What others see; empty when absent.</param>
/// <param name="Metadata">Opaque to us; empty when absent.</param>
public sealed record TokenClaims(
    string Issuer,
    string Subject,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? NotBefore,
    string Name,
    string Metadata,
    VideoGrant Video);

/// <summary>The claim <c>video</c>.</summary>
public sealed record VideoGrant
{
    public bool RoomJoin { get; init; }

    /// <summary>The only room that the token is for; null when none is named.</summary>
    public string? Room { get; init; }

    /// <summary>True when absent from the token.</summary>
    public bool CanPublish { get; init; } = true;

    /// <summary>True when absent from the token.</summary>
    public bool CanSubscribe { get; init; } = true;

    /// <summary>As <see cref="CanPublish"/> when absent from the token.</summary>
    public bool CanPublishData { get; init; } = true;

    /// <summary>Lower-case source names such as <c>camera</c>; empty means every source.</summary>
    public IReadOnlyList<string> CanPublishSources { get; init; } = [];

    public bool RoomList { get; init; }

    public bool RoomAdmin { get; init; }
}

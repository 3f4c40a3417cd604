namespace RtcPlatform.Identity;

/// <summary>Where the key that API secrets are encrypted with comes from, and what is seeded.</summary>
public sealed class IdentityOptions
{
    /// <summary>
    /// 32 octets in base64. The same on every server; when it is lost, every API secret in the database is lost with it.
    /// Default: none, then <see cref="DataKeyFile"/> counts.
    /// </summary>
    public string DataKey { get; set; } = "";

    /// <summary>A file with the data key in base64; made, readable for its owner only, when it is absent. Default:
    /// none.</summary>
    public string DataKeyFile { get; set; } = "";

    /// <summary>
    /// Seconds, 1 to 10, for which a key that was looked up is trusted: the longest time in which a revoked key still joins.
    /// Shorter means more lookups.
    /// </summary>
    public int KeyFreshnessSeconds { get; set; } = 5;

    /// <summary>Null in production: then nothing is seeded.</summary>
    public DevelopmentKeyOptions? Development { get; set; }

    /// <returns>One line per fault.</returns>
    public IEnumerable<string> FindFaults()
    {
        if (DataKey.Length == 0 && DataKeyFile.Length == 0)
        {
            yield return "Identity:DataKey or Identity:DataKeyFile is missing";
        }

        if (KeyFreshnessSeconds is < 1 or > 10)
        {
            yield return "Identity:KeyFreshnessSeconds must be 1 to 10";
        }

        if (Development is { ApiSecret.Length: < 32 })
        {
            yield return "Development:ApiSecret must have at least 32 characters";
        }

        if (Development is { ApiKey: var key } && !Keys.ApiKeyId.IsWellFormed(key))
        {
            yield return "Development:ApiKey must have 3 to 64 letters, digits, '_' or '-'";
        }
    }
}

/// <summary>The API key of the development tenant; chosen outside, so that whoever starts the server knows it.</summary>
public sealed class DevelopmentKeyOptions
{
    public string ApiKey { get; set; } = "";

    public string ApiSecret { get; set; } = "";
}

namespace RtcPlatform.Persistence;

/// <summary>Where the only database is.</summary>
public sealed class PostgresOptions
{
    /// <summary>Npgsql connection string. No default: without it the server does not start.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Seconds until an attempt to connect is given up, 1 to 60. Longer only delays the line that says what is wrong.
    /// </summary>
    public int ConnectTimeoutSeconds { get; set; } = 5;
}

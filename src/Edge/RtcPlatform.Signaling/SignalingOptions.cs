namespace RtcPlatform.Signaling;

/// <summary>Limits of one client's signaling connection.</summary>
public sealed class SignalingOptions
{
    /// <summary>
    /// Octets of one message, 16 KiB to 1 MiB; the largest real one is an offer with many sections. Default 256 KiB. A
    /// larger message
    /// closes the connection with <c>too_large</c>.
    /// </summary>
    public int MaximumMessageBytes { get; set; } = 256 * 1024;

    /// <summary>Calls per second in the long run, at least 1. Default 50. More are refused with <c>limit_exceeded</c>.</summary>
    public int CallsPerSecond { get; set; } = 50;

    /// <summary>Calls at once, at least 1. Default 200.</summary>
    public int CallBurst { get; set; } = 200;

    /// <summary>Seconds until a connection that neither joined nor resumed is closed, 1 to 60. Default 10.</summary>
    public int JoinDeadlineSeconds { get; set; } = 10;

    /// <summary>
    /// Events that wait for one slow client, at least 16. Default 1024. When they are more the connection is closed; the client
    /// resumes and gets the room as it is.
    /// </summary>
    public int PendingEvents { get; set; } = 1024;

    /// <summary>Seconds between pings of an idle connection, 1 to 30. Default 5.</summary>
    public int KeepAliveSeconds { get; set; } = 5;

    /// <summary>
    /// Seconds without a word from the client until it counts as lost and its resume window begins; over twice
    /// <see cref="KeepAliveSeconds"/>. Default 15.
    /// </summary>
    public int ClientTimeoutSeconds { get; set; } = 15;

    /// <summary>STUN and TURN servers that clients are told. Default: none, the media node is ICE-lite and reachable by
    /// itself.</summary>
    public IList<string> IceServerUrls { get; } = [];

    /// <summary>User name at the TURN servers among <see cref="IceServerUrls"/>; every client is told the same. Default: none.</summary>
    public string TurnUsername { get; set; } = "";

    /// <summary>Password that belongs to <see cref="TurnUsername"/>. Default: none.</summary>
    public string TurnCredential { get; set; } = "";

    /// <summary>TURN knows no clients without credentials (RFC 8656 section 5), STUN none with them.</summary>
    public bool HasCredentials(string iceServerUrl) =>
        TurnUsername.Length > 0 && iceServerUrl.StartsWith("turn", StringComparison.OrdinalIgnoreCase);

    /// <returns>One line per fault.</returns>
    public IEnumerable<string> FindFaults()
    {
        if (MaximumMessageBytes is < 16 * 1024 or > 1024 * 1024)
        {
            yield return "Signaling:MaximumMessageBytes must be 16384 to 1048576";
        }

        if (TurnUsername.Length > 0 != TurnCredential.Length > 0)
        {
            yield return "Signaling:TurnUsername and Signaling:TurnCredential belong together";
        }

        if (CallsPerSecond < 1 || CallBurst < 1)
        {
            yield return "Signaling:CallsPerSecond and Signaling:CallBurst must be at least 1";
        }

        if (JoinDeadlineSeconds is < 1 or > 60)
        {
            yield return "Signaling:JoinDeadlineSeconds must be 1 to 60";
        }

        if (PendingEvents < 16)
        {
            yield return "Signaling:PendingEvents must be at least 16";
        }

        if (KeepAliveSeconds is < 1 or > 30 || ClientTimeoutSeconds <= 2 * KeepAliveSeconds)
        {
            yield return "Signaling:KeepAliveSeconds must be 1 to 30, and Signaling:ClientTimeoutSeconds over twice that";
        }
    }
}

using RtcPlatform.Crypto.Dtls;

namespace RtcPlatform.MediaClient;

/// <summary>Who connects where.</summary>
public sealed record MediaClientOptions
{
    /// <summary>Such as <c>http://127.0.0.1:7880</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>A join token.</summary>
    public required string Token { get; init; }

    /// <summary>Whether the server subscribes us to every track; false for a peer that only publishes.</summary>
    public bool AutoSubscribe { get; init; } = true;

    /// <summary>Null = an own one, made by this client; load tools share one, since making it costs a millisecond.</summary>
    public DtlsIdentity? Identity { get; init; }
}

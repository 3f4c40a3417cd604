using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Identity;
using RtcPlatform.Persistence;
using RtcPlatform.Signaling;

namespace RtcPlatform.Server.Options;

/// <summary>Everything the server can be told; documented in <c>docs/configuration.md</c>.</summary>
internal sealed class ServerOptions
{
    public PostgresOptions Database { get; } = new();

    public IdentityOptions Identity { get; } = new();

    public SignalingOptions Signaling { get; } = new();

    public HttpSessionOptions HttpSessions { get; } = new();

    public MediaOptions Media { get; } = new();

    public WebOptions Web { get; } = new();

    public DevelopmentOptions Development { get; } = new();
}

/// <summary>How media nodes get in.</summary>
internal sealed class MediaOptions
{
    /// <summary>Shared with every media node, at least 16 characters. No default.</summary>
    public string NodeSecret { get; set; } = "";
}

/// <summary>Files that are served.</summary>
internal sealed class WebOptions
{
    /// <summary>Folder of the built SDK. Default: none, then <c>/sdk</c> says so.</summary>
    public string SdkFolder { get; set; } = "";

    /// <summary>Folder of the built demo. Default: none, then <c>/</c> says so.</summary>
    public string DemoFolder { get; set; } = "";
}

/// <summary>Never in production: whoever reaches the server can join any room of the development project.</summary>
internal sealed class DevelopmentOptions
{
    /// <summary>Seeds the development tenant and serves <c>/api/dev/token</c>. Default: false.</summary>
    public bool Enabled { get; set; }

    public string ApiKey { get; set; } = "";

    public string ApiSecret { get; set; } = "";
}

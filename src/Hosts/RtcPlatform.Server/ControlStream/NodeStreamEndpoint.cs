using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace RtcPlatform.Server.ControlStream;

/// <summary>Where media nodes dial in: <c>GET /node</c>, a WebSocket of binary messages, one <c>ControlFrame</c> each.</summary>
public static class NodeStreamEndpoint
{
    public const string Path = "/node";

    // A node that was killed is noticed at once (its socket closes); one whose machine vanished by these pings.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    /// <param name="secret">What the nodes must present as <c>Authorization: Bearer</c>; not empty.</param>
    public static IEndpointConventionBuilder MapNodeStream(this IEndpointRouteBuilder routes, string secret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        byte[] expected = Hash($"Bearer {secret}");
        return routes.MapGet(Path, context => Accept(context, expected)).ExcludeFromDescription();
    }

    private static async Task Accept(HttpContext context, byte[] expected)
    {
        ILogger log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("RtcPlatform.ControlStream");
        if (!CryptographicOperations.FixedTimeEquals(Hash(context.Request.Headers.Authorization.ToString()), expected))
        {
            NodeStreamLog.WrongSecret(log, context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive });
        CancellationToken stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        IGrainFactory grains = context.RequestServices.GetRequiredService<IGrainFactory>();
        await new NodeStreamSession(socket, grains, log, ended).Run();
    }

    // Hashes have one length, so that the comparison tells nothing about the secret's.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

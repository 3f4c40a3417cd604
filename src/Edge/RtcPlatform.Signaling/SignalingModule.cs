using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RtcPlatform.Signaling.Connections;
using RtcPlatform.Signaling.Hubs;
using RtcPlatform.Signaling.Protocol;

namespace RtcPlatform.Signaling;

public static class SignalingModule
{
    /// <summary>The hub. Needs the grain runtime, <c>AddIdentity</c> (or <c>AddTokenAuthority</c>) and a
    /// <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSignaling(this IServiceCollection services, SignalingOptions options, ServerIdentity server)
    {
        services.AddSingleton(options);
        services.AddSingleton(server);
        services.AddSingleton<ResponseOrder>();
        services.AddSingleton<ConnectionOpener>();
        services.AddSignalR(hub =>
            {
                // One octet over the limit reaches the protocol, which can say why; SignalR's own refusal cannot.
                hub.MaximumReceiveMessageSize = options.MaximumMessageBytes + 1;
                hub.KeepAliveInterval = TimeSpan.FromSeconds(options.KeepAliveSeconds);
                hub.ClientTimeoutInterval = TimeSpan.FromSeconds(options.ClientTimeoutSeconds);
                hub.SupportedProtocols = ["json"];
                hub.AddFilter<CallGate>();
            })
            .AddJsonProtocol(json => SignalJson.Configure(json.PayloadSerializerOptions));
        services.AddSingleton<CallGate>();
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<IHubProtocol>(provider => new SignalProtocol(
            new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()),
            provider.GetRequiredService<ResponseOrder>(),
            options.MaximumMessageBytes));
        return services;
    }

    /// <summary>
    /// The hub at <c>/signal</c>, over WebSockets alone: with <c>skipNegotiation</c> a client needs one request, so any
    /// server will
    /// do and none has to remember it.
    /// </summary>
    public static IEndpointConventionBuilder MapSignaling(this IEndpointRouteBuilder routes) =>
        routes.MapHub<RoomHub>("/signal", connection => connection.Transports = HttpTransportType.WebSockets);
}

/// <summary>What a client is told about the server it is connected to.</summary>
public sealed record ServerIdentity(string Id, string Version);

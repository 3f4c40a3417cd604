using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Api.Rooms;
using RtcPlatform.Api.Whep;
using RtcPlatform.Api.Whip;

namespace RtcPlatform.Api;

public static class ApiModule
{
    /// <summary>The REST API for customers' backends, WHIP and WHEP. Needs the grain runtime and <c>AddIdentity</c>.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, HttpSessionOptions sessions)
    {
        services.AddSingleton(sessions);
        services.AddSingleton<SessionLimits>();
        services.AddSingleton<EdgeRouting>();
        services.AddSingleton<SessionOpener>();
        services.AddSingleton<SessionResource>();
        services.AddOpenApi("v1", document => document.AddDocumentTransformer((description, _, _) =>
        {
            description.Info.Title = "RtcPlatform API";
            description.Info.Version = "v1";
            description.Info.Description = "Bearer tokens are JWTs signed with an API key of the project; errors are RFC 9457 problem details.";
            return Task.CompletedTask;
        }));
        services.AddProblemDetails();
        return services;
    }

    /// <summary><c>/api/v1/…</c>, <c>/whip/…</c>, <c>/whep/…</c> and their description at <c>/openapi/v1.json</c>.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes.MapGroup("/api/v1").WithTags("v1").MapRooms();
        routes.MapWhip();
        routes.MapWhep();
        return routes;
    }
}

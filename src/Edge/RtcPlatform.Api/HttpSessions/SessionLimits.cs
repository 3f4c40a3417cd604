using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>
/// Who asks too often is told to wait (429, Retry-After): a participant that posts, a session that is patched or deleted, and
/// an address whose requests are refused, which is how tokens and session URLs are guessed. Set-ups that are under way are
/// limited, too (503).
/// </summary>
internal sealed class SessionLimits(HttpSessionOptions options, TimeProvider time)
{
    private readonly RequestBudgets _posts = new(time, options.PostsPerSecond, options.PostBurst);
    private readonly RequestBudgets _sessions = new(time, options.RequestsPerSecond, options.RequestBurst);
    private readonly RequestBudgets _refusals = new(time, options.RefusalsPerSecond, options.RefusalBurst);
    private int _setups;

    /// <summary>Null when the participant may post.</summary>
    public IResult? RefusePost(HttpResponse response, string participantKey) => Refuse(response, _posts.Take(participantKey));

    /// <summary>Null when the session may be asked.</summary>
    public IResult? RefuseRequest(HttpResponse response, string session) => Refuse(response, _sessions.Take(session));

    public bool TryBeginSetup()
    {
        if (Interlocked.Increment(ref _setups) <= options.MaximumSetups)
        {
            return true;
        }

        EndSetup();
        return false;
    }

    public void EndSetup() => Interlocked.Decrement(ref _setups);

    public async ValueTask<object?> LimitRefusals(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        string address = http.Connection.RemoteIpAddress?.ToString() ?? string.Empty;
        if (Refuse(http.Response, _refusals.Look(address)) is { } refusal)
        {
            return refusal;
        }

        object? result = await next(context);
        if (result is IStatusCodeHttpResult { StatusCode: 401 or 403 or 404 })
        {
            _refusals.Take(address);
        }

        return result;
    }

    private static IResult? Refuse(HttpResponse response, int wait) => wait == 0
        ? null
        : SessionProblems.Of(429, "too_many_requests", "Too many requests; slow down.", response, wait);
}

internal static class SessionLimitsExtensions
{
    public static RouteGroupBuilder LimitRefusals(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static (context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<SessionLimits>().LimitRefusals(context, next));
        return group;
    }
}

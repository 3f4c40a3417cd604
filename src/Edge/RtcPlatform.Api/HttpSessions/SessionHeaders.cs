using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>
/// Cross-origin rules of WHIP and WHEP: pages of every origin may call, without cookies, and read what the protocols put into
/// headers. Written here and not by the CORS middleware, whose answer to a preflight has no room for <c>Accept-Post</c>.
/// </summary>
internal static class SessionHeaders
{
    private const string Exposed = "Location, ETag, Link, Retry-After, WWW-Authenticate, Accept-Post, Accept-Patch";

    /// <summary>With <c>ETag</c>, which some clients send on PATCH instead of If-Match: they are to read why it is 428.</summary>
    private const string Requested = "Authorization, Content-Type, If-Match, ETag, Link, Accept, Last-Event-ID";

    /// <summary>On every response of the group, refusals and failures included.</summary>
    public static RouteGroupBuilder OpenToEveryOrigin(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static (context, next) =>
        {
            context.HttpContext.Response.OnStarting(
                static state =>
                {
                    IHeaderDictionary headers = ((HttpResponse)state).Headers;
                    headers.AccessControlAllowOrigin = "*";
                    headers.AccessControlExposeHeaders = Exposed;
                    return Task.CompletedTask;
                },
                context.HttpContext.Response);
            return next(context);
        });
        return group;
    }

    /// <summary>The answer to OPTIONS, preflight or not.</summary>
    public static IResult Options(HttpContext http, string methods)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.Allow = methods;
        headers.AccessControlAllowMethods = methods;
        headers.AccessControlAllowHeaders = Requested;
        headers.AccessControlMaxAge = "7200";
        headers["Accept-Post"] = SessionText.Sdp;
        return TypedResults.Ok();
    }
}

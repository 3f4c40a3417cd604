using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>The methods of a session below its endpoint: the same for WHIP and WHEP.</summary>
internal static class SessionRoutes
{
    /// <param name="endpoint">The group of the endpoint; it has a parameter <c>room</c>.</param>
    /// <param name="protocol"><c>Whip</c> or <c>Whep</c>: part of the operations' names.</param>
    /// <param name="answers">Whether a PATCH may bring the answer to a counter-offer.</param>
    public static void MapSession(this RouteGroupBuilder endpoint, string protocol, bool answers)
    {
        endpoint.MapMethods("/{session}", ["PATCH"], (HttpContext http, string room, string session, SessionResource resource) =>
            answers && SessionText.IsOfType(http.Request, SessionText.Sdp)
                ? resource.Answer(http, room, session)
                : resource.Patch(http, room, session, answers ? $"{SessionText.Fragment}, {SessionText.Sdp}" : SessionText.Fragment))
            .WithName($"Patch{protocol}Session")
            .WithSummary(answers
                ? "Candidates (204), an ICE restart (200) or the answer to a counter-offer (204) of a session."
                : "Candidates (204) or an ICE restart (200) of a session.")
            .Produces<string>(200, SessionText.Fragment)
            .Produces(204);
        endpoint.MapDelete("/{session}", static (HttpContext http, string room, string session, SessionResource resource) =>
            resource.Delete(http, room, session))
            .WithName($"End{protocol}Session")
            .WithSummary("Ends a session; again is fine.");
        endpoint.MapMethods("/{session}", ["GET", "HEAD"], static (string room, string session, SessionResource resource) =>
            resource.Get(room, session)).ExcludeFromDescription();
        endpoint.MapMethods("/{session}", ["OPTIONS"], static (HttpContext http) =>
            SessionHeaders.Options(http, SessionResource.Methods)).ExcludeFromDescription();
    }
}

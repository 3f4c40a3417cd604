using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Domain.Offers;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;

namespace RtcPlatform.Api.Whep;

/// <summary>WHEP (draft-ietf-wish-whep-03): whoever posts an offer to a participant of a room receives its audio and video.</summary>
internal static class WhepEndpoints
{
    private const string Methods = "GET, HEAD, POST, OPTIONS";

    public static void MapWhep(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder whep = routes.MapGroup("/whep/{room}/{identity}").WithTags("WHEP").OpenToEveryOrigin().LimitRefusals();
        whep.MapPost("", Post)
            .WithName("WatchByWhep")
            .WithSummary("Receives one participant of a room (draft-ietf-wish-whep-03).")
            .WithDescription(
                "Needs a join token of the room with video.canSubscribe and an identity of its own. 409 while the participant publishes nothing. "
                + "406 with an offer of the server when the player's cannot carry what is published: PATCH the answer to it to Location.")
            .Produces<string>(201, SessionText.Sdp)
            .Produces<string>(406, SessionText.Sdp)
            .ProducesProblem(400)
            .ProducesProblem(401)
            .ProducesProblem(403)
            .ProducesProblem(409)
            .ProducesProblem(413)
            .ProducesProblem(415)
            .ProducesProblem(422)
            .ProducesProblem(429)
            .ProducesProblem(503);
        whep.MapMethods("", ["GET", "HEAD"], Discover).ExcludeFromDescription();
        whep.MapMethods("", ["OPTIONS"], static (HttpContext http) => SessionHeaders.Options(http, Methods)).ExcludeFromDescription();

        whep.MapSession("Whep", answers: true);
        whep.MapEventStreams();
        whep.MapLayers();
    }

    /// <summary>The media type by which players know an endpoint; HEAD and GET say the same (section "URL Discoverability").</summary>
    private static IResult Discover(HttpContext http)
    {
        http.Response.ContentType = SessionText.Sdp;
        http.Response.ContentLength = 0;
        return TypedResults.Ok();
    }

    private static async Task<IResult> Post(HttpContext http, string room, string identity, TokenAuthority tokens, SessionOpener opener)
    {
        (Bearer? bearer, IResult? refusal) = await SessionBearer.Authorize(tokens, http, room, static video => video.CanSubscribe);
        if (bearer is null)
        {
            return refusal!;
        }

        if (string.Equals(bearer.Claims.Subject, identity, StringComparison.Ordinal))
        {
            return SessionProblems.Of(403, "own_identity", "The token names the one to be watched; a viewer needs an identity of its own.");
        }

        if (await opener.Refuse(http, bearer, room) is { } elsewhere)
        {
            return elsewhere;
        }

        (string sdp, OfferOutline? offer, refusal) = await opener.ReadOffer(http);
        if (offer is null)
        {
            return refusal!;
        }

        if (SessionOffers.ObjectionToPlayback(offer) is { } objection)
        {
            return SessionProblems.Of(422, "invalid_sdp", objection);
        }

        OpenHttpSession command =
            opener.Command(bearer, room, ParticipantKind.Viewer, identity, sdp, offer.IceUfrag, []);
        return await opener.Open(
            http, bearer, http.Request.Path.ToUriComponent(), command, static url => [EventStreamEndpoints.Link(url), LayerEndpoints.Link(url)]) ?? TypedResults.Empty;
    }
}

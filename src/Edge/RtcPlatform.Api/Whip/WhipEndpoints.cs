using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Domain.Offers;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;
using ParticipantKind = RtcPlatform.Grains.Contracts.ParticipantKind;

namespace RtcPlatform.Api.Whip;

/// <summary>WHIP (RFC 9725): whoever posts an offer to a room publishes in it, as the participant that the token names.</summary>
internal static class WhipEndpoints
{
    private const string Methods = "GET, HEAD, POST, OPTIONS";

    public static void MapWhip(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder whip = routes.MapGroup("/whip/{room}").WithTags("WHIP").OpenToEveryOrigin().LimitRefusals();
        whip.MapPost("", Post)
            .WithName("PublishByWhip")
            .WithSummary("Publishes into a room (RFC 9725).")
            .WithDescription("Needs a join token of the room with video.canPublish. Location names the session: PATCH and DELETE it.")
            .Produces<string>(201, SessionText.Sdp)
            .ProducesProblem(400)
            .ProducesProblem(401)
            .ProducesProblem(403)
            .ProducesProblem(406)
            .ProducesProblem(413)
            .ProducesProblem(415)
            .ProducesProblem(422)
            .ProducesProblem(429)
            .ProducesProblem(503);
        whip.MapMethods("", ["GET", "HEAD"], static () => TypedResults.NoContent()).ExcludeFromDescription();
        whip.MapMethods("", ["OPTIONS"], static (HttpContext http) => SessionHeaders.Options(http, Methods)).ExcludeFromDescription();

        whip.MapSession("Whip", answers: false);
    }

    private static async Task<IResult> Post(HttpContext http, string room, TokenAuthority tokens, SessionOpener opener)
    {
        (Bearer? bearer, IResult? refusal) = await SessionBearer.Authorize(tokens, http, room, static video => video.CanPublish);
        if (bearer is null)
        {
            return refusal!;
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

        if (SessionOffers.ObjectionToIngest(offer) is { } objection)
        {
            return SessionProblems.Of(422, "invalid_sdp", objection);
        }

        OpenHttpSession command = opener.Command(
            bearer, room, ParticipantKind.Ingress, string.Empty, sdp, offer.IceUfrag, [.. offer.Media.Select(Track)]);
        return await opener.Open(http, bearer, http.Request.Path.ToUriComponent(), command) ?? TypedResults.Empty;
    }

    private static TrackOffer Track(OfferedSection section) => section.Kind == TrackKind.Audio
        ? new TrackOffer(section.Mid, "audio", "microphone")
        : new TrackOffer(section.Mid, "video", "camera");
}

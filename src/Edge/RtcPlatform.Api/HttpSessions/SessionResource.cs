using Microsoft.AspNetCore.Http;
using Orleans;
using RtcPlatform.Domain.Offers;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>What can be asked of a session's URL, the same for WHIP (RFC 9725 section 4.3) and WHEP.</summary>
internal sealed class SessionResource(IGrainFactory grains, HttpSessionOptions options, SessionLimits limits)
{
    public const string Methods = "GET, HEAD, PATCH, DELETE, OPTIONS";

    private static IResult NotThere => SessionProblems.Of(404, "no_such_session", "There is no such session, or it has ended.");

    /// <summary>Trickle ICE or an ICE restart.</summary>
    /// <param name="types">What a PATCH of this session may be, for one that is something else.</param>
    public async Task<IResult> Patch(HttpContext http, string room, string session, string types)
    {
        if (!SessionText.IsOfType(http.Request, SessionText.Fragment))
        {
            http.Response.Headers["Accept-Patch"] = types;
            return SessionProblems.Of(415, "unsupported_media_type", $"Send {types}.");
        }

        if (!SessionAddress.TryParse(session, out SessionAddress address))
        {
            return NotThere;
        }

        if (limits.RefuseRequest(http.Response, session) is { } refusal)
        {
            return refusal;
        }

        if (EntityTags.IfMatch(http.Request) is not { } tag)
        {
            return SessionProblems.Of(428, "if_match_required", "Name the ICE session in If-Match.");
        }

        string? text = await SessionText.Read(http.Request, options.MaximumSdpBytes);
        if (text is null)
        {
            return SessionProblems.Of(413, "too_large", $"A fragment has at most {options.MaximumSdpBytes} octets.");
        }

        if (IceFragment.TryRead(text) is not { } fragment)
        {
            return SessionProblems.Of(400, "invalid_fragment", "The body is no SDP fragment (RFC 8840).");
        }

        Outcome<IcePatched> outcome =
            await Grain(room, address).PatchIce(new IcePatch(address.Secret, tag, fragment.Ufrag, fragment.Password));
        return outcome.Value switch
        {
            null => SessionProblems.Of(outcome.Error!, http.Response),
            { ETag.Length: 0 } => TypedResults.NoContent(),
            { } restarted => Restarted(http.Response, restarted),
        };
    }

    /// <summary>
    /// The answer to a counter-offer (draft-ietf-wish-whep-03, "Server Sends Counter-offer"): 204, with the entity tag that a 201
    /// would have had. It needs no If-Match, since there is no ICE session yet.
    /// </summary>
    public async Task<IResult> Answer(HttpContext http, string room, string session)
    {
        if (!SessionAddress.TryParse(session, out SessionAddress address))
        {
            return NotThere;
        }

        if (limits.RefuseRequest(http.Response, session) is { } refusal)
        {
            return refusal;
        }

        if (await SessionText.Read(http.Request, options.MaximumSdpBytes) is not { } sdp)
        {
            return SessionProblems.Of(413, "too_large", $"An answer has at most {options.MaximumSdpBytes} octets.");
        }

        if (OfferOutline.TryRead(sdp) is not { } outline)
        {
            return SessionProblems.Of(400, "malformed_sdp", "The body is no session description (RFC 8866).");
        }

        Outcome<string> outcome = await Grain(room, address).Answer(new SessionAnswer(address.Secret, sdp, outline.IceUfrag));
        if (outcome.Value is not { } tag)
        {
            return SessionProblems.Of(outcome.Error!, http.Response);
        }

        http.Response.Headers.ETag = EntityTags.Quote(tag);
        return TypedResults.NoContent();
    }

    /// <summary>Ending what has ended is done.</summary>
    public async Task<IResult> Delete(HttpContext http, string room, string session)
    {
        if (!SessionAddress.TryParse(session, out SessionAddress address))
        {
            return NotThere;
        }

        if (limits.RefuseRequest(http.Response, session) is { } refusal)
        {
            return refusal;
        }

        await Grain(room, address).Close(address.Secret);
        return TypedResults.Ok();
    }

    /// <summary>A session has no representation (RFC 9725 section 4.1).</summary>
    public async Task<IResult> Get(string room, string session) =>
        SessionAddress.TryParse(session, out SessionAddress address) && await Grain(room, address).Exists(address.Secret)
            ? TypedResults.NoContent()
            : NotThere;

    private static IResult Restarted(HttpResponse response, IcePatched restarted)
    {
        response.Headers.ETag = EntityTags.Quote(restarted.ETag);
        return TypedResults.Text(restarted.SdpFragment, SessionText.Fragment);
    }

    private IHttpSessionGrain Grain(string room, in SessionAddress address) =>
        grains.GetGrain<IHttpSessionGrain>(address.GrainKey(room));
}

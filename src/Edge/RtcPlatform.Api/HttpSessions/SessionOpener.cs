using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Orleans;
using RtcPlatform.Domain.Offers;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>The part of POST that WHIP and WHEP share: from a checked offer to 201 and the answer, or 406 and a counter-offer.</summary>
internal sealed class SessionOpener(
    IGrainFactory grains, HttpSessionOptions options, SessionLimits limits, EdgeRouting routing, TimeProvider time)
{
    private readonly string[] _iceServers = [.. options.IceServers.Select(static server => server.ToString())];

    /// <summary>Null when this server may open a session for the bearer now.</summary>
    public async ValueTask<IResult?> Refuse(HttpContext http, Bearer bearer, string room) =>
        limits.RefusePost(http.Response, GrainKeys.Participant(bearer.ProjectId, room, bearer.Claims.Subject))
        ?? await routing.Elsewhere(http);

    /// <param name="path">The endpoint's own path: sessions lie below it.</param>
    /// <param name="links">Of the session, given its URL; extensions of the protocol.</param>
    public async Task<IResult?> Open(
        HttpContext http, Bearer bearer, string path, OpenHttpSession command, Func<string, string[]>? links = null)
    {
        string key = GrainKeys.Participant(bearer.ProjectId, command.RoomName, command.Identity);
        if (!limits.TryBeginSetup())
        {
            return SessionProblems.Of(503, "overloaded", "Too many sessions are being set up.", http.Response, 1);
        }

        Outcome<HttpSession> outcome;
        try
        {
            outcome = await grains.GetGrain<IHttpSessionGrain>(key).Open(command);
        }
        finally
        {
            limits.EndSetup();
        }

        if (outcome.Value is not { } session)
        {
            return SessionProblems.Of(outcome.Error!, http.Response);
        }

        string url = $"{path}/{new SessionAddress(bearer.ProjectId, command.Identity, session.Secret)}";
        IHeaderDictionary headers = http.Response.Headers;
        headers.Location = url;
        string[] all = [.. _iceServers, .. links?.Invoke(url) ?? []];
        if (all.Length > 0)
        {
            headers.Link = new StringValues(all);
        }

        if (session.IsCounterOffer)
        {
            DateTimeOffset until = time.GetUtcNow().AddSeconds(options.CounterOfferSeconds);
            await SessionText.Write(http.Response, 406, $"{SessionText.Sdp}; valid-until=\"{until:R}\"", session.Sdp);
            return null;
        }

        headers.ETag = EntityTags.Quote(session.ETag);
        await SessionText.Write(http.Response, 201, SessionText.Sdp, session.Sdp);
        return null;
    }

    /// <summary>The body of a POST and what is in it, or the response that refuses it.</summary>
    public async Task<(string Sdp, OfferOutline? Offer, IResult? Refusal)> ReadOffer(HttpContext http)
    {
        if (!SessionText.IsOfType(http.Request, SessionText.Sdp))
        {
            return Refused(SessionProblems.WrongType(http.Response, SessionText.Sdp));
        }

        if (!SessionText.IsAcceptable(http.Request, SessionText.Sdp))
        {
            return Refused(SessionProblems.Of(406, "not_acceptable", $"The answer is {SessionText.Sdp}."));
        }

        if (await SessionText.Read(http.Request, options.MaximumSdpBytes) is not { } sdp)
        {
            return Refused(SessionProblems.Of(413, "too_large", $"An offer has at most {options.MaximumSdpBytes} octets."));
        }

        return OfferOutline.TryRead(sdp) is { } offer
            ? (sdp, offer, null)
            : Refused(SessionProblems.Of(400, "malformed_sdp", "The body is no session description (RFC 8866)."));
    }

    private static (string Sdp, OfferOutline? Offer, IResult? Refusal) Refused(IResult refusal) => (string.Empty, null, refusal);

    public OpenHttpSession Command(
        Bearer bearer, string room, ParticipantKind kind, string watches, string sdp, string iceUfrag, TrackOffer[] tracks) => new(
        room,
        bearer.Claims.Subject,
        bearer.Claims.Name,
        bearer.Claims.Metadata,
        SessionBearer.Grants(bearer.Claims.Video),
        kind,
        watches,
        sdp,
        iceUfrag,
        tracks,
        TimeSpan.FromSeconds(options.CounterOfferSeconds));
}

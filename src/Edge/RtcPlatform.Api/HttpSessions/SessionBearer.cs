using Microsoft.AspNetCore.Http;
using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>Who asks for a session: a join token for the room that the path names (RFC 9725 section 4.7.1).</summary>
internal static class SessionBearer
{
    private const string Scheme = "Bearer ";

    /// <returns>A bearer, or the response that refuses.</returns>
    public static async ValueTask<(Bearer? Bearer, IResult? Refusal)> Authorize(
        TokenAuthority tokens, HttpContext http, string room, Func<VideoGrant, bool> grants)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return (null, SessionProblems.Of(401, "no_token", "Send a join token as 'Authorization: Bearer …'."));
        }

        BearerFinding finding = await tokens.Verify(header[Scheme.Length..].Trim());
        TokenFailure? failure = finding.IsOk ? JoinRule.Check(finding.Bearer.Claims, room) : finding.Failure;
        if (failure is { } reason)
        {
            return (null, Refuse(http.Response, reason));
        }

        return grants(finding.Bearer!.Claims.Video)
            ? (finding.Bearer, null)
            : (null, SessionProblems.Of(403, "not_granted", "The token does not allow this."));
    }

    public static GrantRecord Grants(VideoGrant video)
    {
        RoomGrants grants = new VideoClaim(
            video.RoomJoin, video.Room, video.CanPublish, video.CanSubscribe, video.CanPublishData, [.. video.CanPublishSources])
            .Resolve();
        return new GrantRecord(
            grants.CanPublish, grants.CanSubscribe, grants.CanPublishData, [.. grants.CanPublishSources.Select(TrackSources.Name)]);
    }

    private static IResult Refuse(HttpResponse response, TokenFailure failure)
    {
        switch (failure)
        {
            case TokenFailure.KeysUnavailable:
                return SessionProblems.Of(503, "keys_unavailable", "API keys cannot be looked up now; try again.", response, 1);
            case TokenFailure.JoinNotGranted or TokenFailure.RoomMismatch or TokenFailure.NotGranted:
                return SessionProblems.Of(403, "not_granted", "The token does not allow joining this room.");
            default:
                // RFC 6750 section 3.1.
                response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                bool expired = failure == TokenFailure.Expired;
                return SessionProblems.Of(
                    401,
                    expired ? "token_expired" : "invalid_token",
                    expired ? "The token has expired." : $"The token does not count: {failure}.");
        }
    }
}

using Microsoft.AspNetCore.Http;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Identity.Tokens;

namespace RtcPlatform.Api.Authorization;

/// <summary>Reads the bearer of a request. The project it may touch is that of the key that signed the token.</summary>
internal static class ApiAuthorization
{
    private const string Scheme = "Bearer ";

    /// <param name="grants">What the token must allow.</param>
    /// <returns>A bearer, or the response that refuses.</returns>
    public static async Task<(Bearer? Bearer, IResult? Refusal)> Authorize(
        this TokenAuthority tokens, HttpContext http, Func<VideoGrant, bool> grants)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return (null, TypedResults.Problem("Send a token as 'Authorization: Bearer …'.", statusCode: 401));
        }

        BearerFinding finding = await tokens.Verify(header[Scheme.Length..].Trim());
        if (!finding.IsOk)
        {
            return (null, Refuse(http, finding.Failure.Value));
        }

        return grants(finding.Bearer.Claims.Video)
            ? (finding.Bearer, null)
            : (null, TypedResults.Problem("The token does not allow this.", statusCode: 403, extensions: Code("not_granted")));
    }

    private static IResult Refuse(HttpContext http, TokenFailure failure)
    {
        if (failure == TokenFailure.KeysUnavailable)
        {
            return TypedResults.Problem("API keys cannot be looked up now; try again.", statusCode: 503);
        }

        // RFC 6750 section 3.1.
        http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        bool expired = failure == TokenFailure.Expired;
        return TypedResults.Problem(
            expired ? "The token has expired." : $"The token does not count: {failure}.",
            statusCode: 401,
            extensions: Code(expired ? "token_expired" : "invalid_token"));
    }

    private static IEnumerable<KeyValuePair<string, object?>> Code(string code) => [new("code", code)];
}

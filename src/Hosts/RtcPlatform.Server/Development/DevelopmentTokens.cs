using Microsoft.AspNetCore.Http.HttpResults;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Identity;

namespace RtcPlatform.Server.Development;

/// <summary>
/// <c>POST /api/dev/token</c>: a join token for whoever asks, so that the demo works without a backend. Mapped only when the
/// development tenant is seeded; in production the route does not exist.
/// </summary>
internal static class DevelopmentTokens
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);

    public static void MapDevelopmentTokens(this IEndpointRouteBuilder routes, DevelopmentKeyOptions key) => routes
        .MapPost("/api/dev/token", Results<Ok<DevelopmentToken>, ProblemHttpResult> (DevelopmentTokenRequest request, TimeProvider time) =>
        {
            if (!RoomName.TryParse(request.Room, out RoomName room)
                || !ParticipantIdentity.TryParse(request.Identity, out ParticipantIdentity identity))
            {
                return TypedResults.Problem("room and identity must be names of 1 to 256 printable characters.", statusCode: 400);
            }

            string token = TokenBuilder.SignJoin(
                key.ApiKey, key.ApiSecret, room.Value, identity.Value, time.GetUtcNow(), Lifetime, request.Name ?? "");
            return token.Length <= UnverifiedToken.MaximumLength
                ? TypedResults.Ok(new DevelopmentToken(token))
                : TypedResults.Problem("name is too long.", statusCode: 400);
        })
        .WithSummary("A join token of the development project; absent in production.");
}

internal sealed record DevelopmentTokenRequest(string? Room, string? Identity, string? Name);

internal sealed record DevelopmentToken(string Token);

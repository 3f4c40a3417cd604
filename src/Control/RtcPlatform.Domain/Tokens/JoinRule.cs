using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Tokens;

/// <summary>What a verified token must say before its bearer may join.</summary>
public static class JoinRule
{
    /// <param name="askedRoom">The room that the client named; null when it leaves that to the token.</param>
    /// <returns>Null when the bearer may join the token's room.</returns>
    public static TokenFailure? Check(TokenClaims claims, string? askedRoom)
    {
        if (!claims.Video.RoomJoin || !RoomName.TryParse(claims.Video.Room, out _))
        {
            return TokenFailure.JoinNotGranted;
        }

        if (!ParticipantIdentity.TryParse(claims.Subject, out _))
        {
            return TokenFailure.NoIdentity;
        }

        return askedRoom is not null && !string.Equals(askedRoom, claims.Video.Room, StringComparison.Ordinal)
            ? TokenFailure.RoomMismatch
            : null;
    }
}

namespace RtcPlatform.Domain.Tokens;

/// <summary>What a verified token must say before its bearer may join.</summary>
public static class JoinRule
{
    /// <summary>Characters (UTF-16) of an identity and of a room's name, at most.</summary>
    public const int MaximumNameLength = 256;

    /// <param name="askedRoom">The room that the client named; null when it leaves that to the token.</param>
    /// <returns>Null when the bearer may join the token's room.</returns>
    public static TokenFailure? Check(TokenClaims claims, string? askedRoom)
    {
        if (!claims.Video.RoomJoin || string.IsNullOrEmpty(claims.Video.Room) || claims.Video.Room.Length > MaximumNameLength)
        {
            return TokenFailure.JoinNotGranted;
        }

        if (claims.Subject.Length is 0 or > MaximumNameLength)
        {
            return TokenFailure.NoIdentity;
        }

        return askedRoom is not null && !string.Equals(askedRoom, claims.Video.Room, StringComparison.Ordinal)
            ? TokenFailure.RoomMismatch
            : null;
    }
}

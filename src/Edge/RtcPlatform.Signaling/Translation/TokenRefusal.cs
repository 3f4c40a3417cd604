using RtcPlatform.Domain.Tokens;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Signaling.Translation;

/// <summary>What a client is told when its token does not count.</summary>
internal static class TokenRefusal
{
    public static SignalFailure Of(TokenFailure failure) => failure switch
    {
        TokenFailure.Expired => new(SignalErrorCode.TokenExpired, "The token has expired."),
        TokenFailure.NotYetValid => new(SignalErrorCode.InvalidToken, "The token is not valid yet; are the clocks right?"),
        TokenFailure.RoomMismatch => new(SignalErrorCode.RoomMismatch, "The token is for another room."),
        TokenFailure.JoinNotGranted => new(SignalErrorCode.PermissionDenied, "The token does not allow joining a room."),
        TokenFailure.NotGranted => new(SignalErrorCode.PermissionDenied, "The token does not allow this."),
        TokenFailure.NoIdentity => new(
            SignalErrorCode.InvalidToken, "The token must name the participant (sub), in at most 256 printable characters."),
        TokenFailure.NoExpiry => new(SignalErrorCode.InvalidToken, "The token must say when it expires (exp)."),
        TokenFailure.TooLarge => new(SignalErrorCode.InvalidToken, "The token is larger than 8 KiB."),
        TokenFailure.Malformed => new(SignalErrorCode.InvalidToken, "The token is not a well-formed JWT."),
        TokenFailure.AlgorithmRefused => new(SignalErrorCode.InvalidToken, "The token must be signed with HS256."),
        TokenFailure.UnknownKey => new(SignalErrorCode.InvalidToken, "The token's API key (iss) is not known."),
        TokenFailure.BadSignature => new(SignalErrorCode.InvalidToken, "The token's signature does not match its API key."),
        TokenFailure.KeysUnavailable => new(SignalErrorCode.Internal, "API keys cannot be looked up now; try again."),
        _ => new(SignalErrorCode.InvalidToken, "The token does not count."),
    };
}

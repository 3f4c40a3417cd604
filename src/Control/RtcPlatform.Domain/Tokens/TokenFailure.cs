namespace RtcPlatform.Domain.Tokens;

/// <summary>Why a token does not let its bearer do what is asked.</summary>
public enum TokenFailure
{
    /// <summary>Over <see cref="UnverifiedToken.MaximumLength"/>.</summary>
    TooLarge,

    /// <summary>Not three base64url parts of which the first two are JSON objects, or a claim has the wrong type.</summary>
    Malformed,

    /// <summary>Any algorithm but HS256, <c>none</c> above all (RFC 8725 section 3.1), or a critical header (RFC 7515
    /// section 4.1.11).</summary>
    AlgorithmRefused,

    /// <summary>The API key is not known here yet, and where keys are looked up does not answer.</summary>
    KeysUnavailable,

    /// <summary><c>iss</c> names no API key, or one that was revoked.</summary>
    UnknownKey,

    BadSignature,

    /// <summary><c>exp</c> is absent: a token that never expires is not accepted.</summary>
    NoExpiry,

    Expired,

    NotYetValid,

    /// <summary>No <c>sub</c> in a token that is to join, or one that is no name (see <c>PrintableName</c>).</summary>
    NoIdentity,

    /// <summary><c>video.roomJoin</c> or <c>video.room</c> is absent, or the room is no name.</summary>
    JoinNotGranted,

    /// <summary>Another room was asked for than the token names.</summary>
    RoomMismatch,

    /// <summary>The grant that the request needs is absent.</summary>
    NotGranted,
}

using System.Diagnostics.CodeAnalysis;

namespace RtcPlatform.Domain.Tokens;

/// <summary>Either the claims or the reason why they do not count.</summary>
public readonly record struct TokenVerification
{
    private TokenVerification(TokenClaims? claims, TokenFailure? failure)
    {
        Claims = claims;
        Failure = failure;
    }

    public TokenClaims? Claims { get; }

    public TokenFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Claims))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOk => Claims is not null;

    public static implicit operator TokenVerification(TokenClaims claims) => new(claims, null);

    public static implicit operator TokenVerification(TokenFailure failure) => new(null, failure);
}

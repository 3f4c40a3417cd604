using System.Diagnostics.CodeAnalysis;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Identity.Tokens;

/// <summary>Who asks: the project is the signing key's, whatever the token says.</summary>
public sealed record Bearer(string TenantId, string ProjectId, TokenClaims Claims);

/// <summary>A bearer or the reason why there is none.</summary>
public readonly record struct BearerFinding
{
    private BearerFinding(Bearer? bearer, TokenFailure? failure)
    {
        Bearer = bearer;
        Failure = failure;
    }

    public Bearer? Bearer { get; }

    public TokenFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Bearer))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOk => Bearer is not null;

    public static implicit operator BearerFinding(Bearer bearer) => new(bearer, null);

    public static implicit operator BearerFinding(TokenFailure failure) => new(null, failure);
}

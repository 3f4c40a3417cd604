using RtcPlatform.Domain.Tokens;
using RtcPlatform.Identity.Keys;

namespace RtcPlatform.Identity.Tokens;

/// <summary>Says who bears a token and for which project, or why it does not count.</summary>
public sealed class TokenAuthority
{
    private readonly ApiKeyCache _keys;
    private readonly TimeProvider _time;

    internal TokenAuthority(ApiKeyCache keys, TimeProvider time)
    {
        _keys = keys;
        _time = time;
    }

    /// <param name="ignoreExpiry">For a resume only; see <see cref="UnverifiedToken.Verify"/>.</param>
    public async ValueTask<BearerFinding> Verify(string? token, bool ignoreExpiry = false)
    {
        if (!UnverifiedToken.TryParse(token, out UnverifiedToken? parsed, out TokenFailure failure))
        {
            return failure;
        }

        if (!ApiKeyId.IsWellFormed(parsed.Issuer))
        {
            return TokenFailure.UnknownKey;
        }

        ApiKeyCache.Entry? entry = await _keys.Find(parsed.Issuer);
        if (entry?.Key is not { } key)
        {
            return entry is null ? TokenFailure.KeysUnavailable : TokenFailure.UnknownKey;
        }

        TokenVerification verified = parsed.Verify(key.Secret, _time.GetUtcNow(), ignoreExpiry);
        return verified.IsOk ? new Bearer(key.TenantId, key.ProjectId, verified.Claims) : verified.Failure.Value;
    }
}

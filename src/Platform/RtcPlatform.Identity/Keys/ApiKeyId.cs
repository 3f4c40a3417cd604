using System.Security.Cryptography;

namespace RtcPlatform.Identity.Keys;

/// <summary>API key ids (<c>API…</c>, public) and their secrets.</summary>
internal static class ApiKeyId
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string New() => "API" + RandomNumberGenerator.GetString(Letters, 14);

    /// <summary>43 characters of 62: 256 bits, the strength of HS256 (RFC 7518 section 3.2).</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Letters, 43);

    /// <summary>Anything else is no key of ours and needs no lookup.</summary>
    public static bool IsWellFormed(string id) =>
        id.Length is >= 3 and <= 64
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
}

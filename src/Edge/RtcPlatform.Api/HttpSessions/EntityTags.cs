using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>Entity tags name ICE sessions; conditional requests choose among them (RFC 9110 section 13.1.1).</summary>
internal static class EntityTags
{
    public const string Any = "*";

    public static string Quote(string tag) => $"\"{tag}\"";

    /// <summary>
    /// The opaque tag of <c>If-Match</c>, or <c>*</c>, which RFC 9725's own examples put in quotes. Null when the header is
    /// absent, empty when it holds no strong tag: a weak one never matches (section 8.8.3.2).
    /// </summary>
    public static string? IfMatch(HttpRequest request)
    {
        StringValues values = request.Headers.IfMatch;
        if (values.Count == 0)
        {
            return null;
        }

        string value = values[0]!.Trim();
        return value is Any or "\"*\"" ? Any
            : value.Length > 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1]
            : string.Empty;
    }
}

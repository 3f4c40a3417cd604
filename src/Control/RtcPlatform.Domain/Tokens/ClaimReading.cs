using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RtcPlatform.Domain.Tokens;

/// <summary>The claims as they stand in a payload; absent is allowed here, a wrong type is not.</summary>
internal sealed record ClaimReading(
    string Issuer,
    string Subject,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? NotBefore,
    string Name,
    string Metadata,
    VideoGrant Video)
{
    private const double LastSecond = 253402300799; // 9999-12-31T23:59:59Z, the end of DateTimeOffset

    public TokenClaims ToClaims(DateTimeOffset expiresAt) =>
        new(Issuer, Subject, expiresAt, NotBefore, Name, Metadata, Video);

    public static bool TryRead(JsonElement payload, [NotNullWhen(true)] out ClaimReading? claims)
    {
        claims = null;
        if (payload.ValueKind != JsonValueKind.Object
            || !TryText(payload, "iss", out string? issuer)
            || !TryText(payload, "sub", out string? subject)
            || !TryText(payload, "name", out string? name)
            || !TryText(payload, "metadata", out string? metadata)
            || !TryTime(payload, "exp", out DateTimeOffset? expiresAt)
            || !TryTime(payload, "nbf", out DateTimeOffset? notBefore)
            || !TryVideo(payload, out VideoGrant? video))
        {
            return false;
        }

        claims = new ClaimReading(issuer ?? "", subject ?? "", expiresAt, notBefore, name ?? "", metadata ?? "", video);
        return true;
    }

    private static bool TryVideo(JsonElement payload, [NotNullWhen(true)] out VideoGrant? grant)
    {
        grant = new VideoGrant();
        if (!payload.TryGetProperty("video", out JsonElement video) || video.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (video.ValueKind != JsonValueKind.Object
            || !TryText(video, "room", out string? room)
            || !TryFlag(video, "roomJoin", absent: false, out bool roomJoin)
            || !TryFlag(video, "roomList", absent: false, out bool roomList)
            || !TryFlag(video, "roomAdmin", absent: false, out bool roomAdmin)
            || !TryFlag(video, "canPublish", absent: true, out bool canPublish)
            || !TryFlag(video, "canSubscribe", absent: true, out bool canSubscribe)
            || !TryFlag(video, "canPublishData", absent: canPublish, out bool canPublishData)
            || !TryTexts(video, "canPublishSources", out string[] sources))
        {
            return false;
        }

        grant = new VideoGrant
        {
            Room = room,
            RoomJoin = roomJoin,
            RoomList = roomList,
            RoomAdmin = roomAdmin,
            CanPublish = canPublish,
            CanSubscribe = canSubscribe,
            CanPublishData = canPublishData,
            CanPublishSources = sources,
        };
        return true;
    }

    private static bool TryText(JsonElement from, string name, out string? text)
    {
        text = null;
        if (!from.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        text = value.GetString();
        return true;
    }

    private static bool TryFlag(JsonElement from, string name, bool absent, out bool flag)
    {
        flag = absent;
        if (!from.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        flag = value.ValueKind == JsonValueKind.True;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    /// <summary>A NumericDate (RFC 7519 section 2): seconds since 1970, a fraction is allowed.</summary>
    private static bool TryTime(JsonElement from, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!from.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number
            || !value.TryGetDouble(out double seconds)
            || seconds is not (>= 0 and <= LastSecond))
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    private static bool TryTexts(JsonElement from, string name, out string[] texts)
    {
        texts = [];
        if (!from.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        texts = [.. value.EnumerateArray().Select(item => item.GetString()!)];
        return true;
    }
}

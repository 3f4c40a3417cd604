using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RtcPlatform.Domain.Tokens;

/// <summary>Signs claims as an HS256 token, as a customer's backend does.</summary>
public static class TokenBuilder
{
    /// <summary>How long a join token is good for when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(6);

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <param name="secret">The API secret; its UTF-8 octets are the HMAC key.</param>
    public static string Sign(TokenClaims claims, string secret)
    {
        string signed = $"{Header}.{Base64Url.EncodeToString(Payload(claims))}";
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>A token that joins one room, valid from now on.</summary>
    public static string SignJoin(
        string apiKey, string secret, string room, string identity, DateTimeOffset now, TimeSpan lifetime, string name = "", bool canPublish = true)
    {
        VideoGrant video = new() { RoomJoin = true, Room = room, CanPublish = canPublish, CanPublishData = canPublish };
        return Sign(new TokenClaims(apiKey, identity, now + lifetime, now, name, "", video), secret);
    }

    private static ReadOnlySpan<byte> Payload(TokenClaims claims)
    {
        ArrayBufferWriter<byte> octets = new(256);
        using Utf8JsonWriter json = new(octets);
        json.WriteStartObject();
        json.WriteString("iss", claims.Issuer);
        WriteUnlessEmpty(json, "sub", claims.Subject);
        json.WriteNumber("exp", claims.ExpiresAt.ToUnixTimeSeconds());
        if (claims.NotBefore is { } notBefore)
        {
            json.WriteNumber("nbf", notBefore.ToUnixTimeSeconds());
        }

        WriteUnlessEmpty(json, "name", claims.Name);
        WriteUnlessEmpty(json, "metadata", claims.Metadata);
        WriteVideo(json, claims.Video);
        json.WriteEndObject();
        json.Flush();
        return octets.WrittenSpan;
    }

    private static void WriteVideo(Utf8JsonWriter json, VideoGrant video)
    {
        json.WriteStartObject("video");
        json.WriteBoolean("roomJoin", video.RoomJoin);
        WriteUnlessEmpty(json, "room", video.Room);
        json.WriteBoolean("canPublish", video.CanPublish);
        json.WriteBoolean("canSubscribe", video.CanSubscribe);
        json.WriteBoolean("canPublishData", video.CanPublishData);
        if (video.CanPublishSources.Count > 0)
        {
            json.WriteStartArray("canPublishSources");
            foreach (string source in video.CanPublishSources)
            {
                json.WriteStringValue(source);
            }

            json.WriteEndArray();
        }

        json.WriteBoolean("roomList", video.RoomList);
        json.WriteBoolean("roomAdmin", video.RoomAdmin);
        json.WriteEndObject();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, text);
        }
    }
}

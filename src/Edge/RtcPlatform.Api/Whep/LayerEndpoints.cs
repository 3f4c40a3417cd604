using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Api.Whep;

/// <summary>
/// WHEP's video layer selection extension: POST to the session's <c>/layer</c> names the simulcast encoding to be received.
/// Layers of scalable codecs and sizes are not told apart here: who asks for them is refused.
/// </summary>
internal static class LayerEndpoints
{
    private const string Relation = "urn:ietf:params:whep:ext:core:layer";
    private const string Json = "application/json";
    private const int LongestRequest = 4_096;
    private const int LongestRid = 256;

    private static readonly string[] Unsupported =
        ["spatialLayerId", "temporalLayerId", "maxSpatialLayerId", "maxTemporalLayerId", "maxWidth", "maxHeight"];

    public static string Link(string session) => $"<{session}/layer>; rel=\"{Relation}\"";

    public static void MapLayers(this RouteGroupBuilder whep)
    {
        whep.MapPost("/{session}/layer", Select).ExcludeFromDescription();
        whep.MapMethods("/{session}/layer", ["OPTIONS"], static (HttpContext http) => SessionHeaders.Options(http, "POST, OPTIONS"))
            .ExcludeFromDescription();
    }

    private static async Task<IResult> Select(HttpContext http, string room, string session, IGrainFactory grains, SessionLimits limits)
    {
        if (!SessionAddress.TryParse(session, out SessionAddress address))
        {
            return SessionProblems.Of(404, "no_such_session", "There is no such session, or it has ended.");
        }

        if (limits.RefuseRequest(http.Response, session) is { } refusal)
        {
            return refusal;
        }

        if (await SessionText.Read(http.Request, LongestRequest) is not { } body)
        {
            return SessionProblems.Of(413, "too_large", $"A selection has at most {LongestRequest} octets.");
        }

        if (body.Length > 0 && !SessionText.IsOfType(http.Request, Json))
        {
            return SessionProblems.Of(415, "unsupported_media_type", $"Send {Json}.");
        }

        (LayerSelection? selection, refusal) = Read(address.Secret, body);
        if (selection is null)
        {
            return refusal!;
        }

        Outcome<Accepted> outcome = await grains.GetGrain<IHttpSessionGrain>(address.GrainKey(room)).SelectLayer(selection);
        return outcome.Error is not { } error ? TypedResults.Ok()
            : error.Code == SignalErrorCode.InvalidRequest ? SessionProblems.Of(422, "unknown_layer", error.Message)
            : SessionProblems.Of(error, http.Response);
    }

    /// <summary>Nothing and an empty object ask for the highest layer, as at the beginning; unknown members are passed over.</summary>
    private static (LayerSelection? Selection, IResult? Refusal) Read(string secret, string body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return (new LayerSelection(secret, null, string.Empty), null);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(secret, document.RootElement) : Malformed();
        }
        catch (JsonException)
        {
            return Malformed();
        }
    }

    private static (LayerSelection? Selection, IResult? Refusal) Read(string secret, JsonElement wanted)
    {
        if (Array.Find(Unsupported, member => wanted.TryGetProperty(member, out _)) is { } unsupported)
        {
            return (null, SessionProblems.Of(422, "unsupported_layer", $"'{unsupported}' cannot be chosen here; name a rid."));
        }

        // The name in drafts before 02, which players still send.
        string name = wanted.TryGetProperty("rid", out _) ? "rid" : "encodingId";
        if (!TryGetText(wanted, name, out string? rid) || rid?.Length > LongestRid || !TryGetText(wanted, "mediaId", out string? media))
        {
            return Malformed();
        }

        if (media is null)
        {
            return (new LayerSelection(secret, null, rid ?? string.Empty), null);
        }

        return int.TryParse(media, NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            ? (new LayerSelection(secret, line, rid ?? string.Empty), null)
            : (null, SessionProblems.Of(422, "unknown_layer", "'mediaId' is the index of a media section in the SDP."));
    }

    /// <summary>False when it is there and no text; null when it is not there.</summary>
    private static bool TryGetText(JsonElement wanted, string name, out string? text)
    {
        text = null;
        if (!wanted.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static (LayerSelection? Selection, IResult? Refusal) Malformed() => (null, SessionProblems.Of(
        400, "malformed_selection", "Send a JSON object such as {\"mediaId\": \"1\", \"rid\": \"h\"}."));
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace RtcPlatform.MediaClient.Signal;

/// <summary>The contract's JSON: camelCase members, enums as snake_case strings.</summary>
public static class SignalJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}

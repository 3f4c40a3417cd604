using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Signaling.Protocol;

/// <summary>How the contract is written: camelCase members, enums in snake_case strings, keys of dictionaries as they
/// are.</summary>
public static class SignalJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatMayNotBeNull } };
        return options;
    }

    public static string Write(SignalFailure failure) => JsonSerializer.Serialize(failure, Options);

    /// <summary>What is not nullable in the contract may not be left out either.</summary>
    private static void RequireWhatMayNotBeNull(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Namespace != typeof(SignalFailure).Namespace)
        {
            return;
        }

        foreach (JsonPropertyInfo property in type.Properties)
        {
            bool nullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
                || (!property.PropertyType.IsValueType && property.IsGetNullable);
            property.IsRequired = !nullable;
        }
    }
}

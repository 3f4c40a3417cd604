using System.Collections.Frozen;
using System.Text.Json;

namespace RtcPlatform.Signaling.Translation;

/// <summary>The snake_case names of an enum, both ways.</summary>
internal static class WireNames<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names = Enum.GetValues<TEnum>()
        .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, TEnum> Values = Names
        .ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Of(TEnum value) => Names[value];

    public static TEnum? Find(string name) => Values.TryGetValue(name, out TEnum value) ? value : null;
}

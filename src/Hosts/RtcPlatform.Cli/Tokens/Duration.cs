using System.Globalization;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tokens;

/// <summary>Durations as people type them: a number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
internal static class Duration
{
    public static TimeSpan Parse(string text)
    {
        TimeSpan unit = text.Length < 2 ? default : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => default,
        };
        return unit != default && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? unit * count
            : throw new UpException(UpException.StartFailed, $"'{text}' is not a duration such as 90s, 30m, 6h or 1d");
    }
}

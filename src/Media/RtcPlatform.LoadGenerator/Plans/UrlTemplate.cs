using System.Text.RegularExpressions;

namespace RtcPlatform.LoadGenerator.Plans;

/// <summary>
/// A URL with places for names: <c>{room}</c>, <c>{identity}</c> (of the publisher: who publishes, or who is watched),
/// <c>{session}</c> (the session's own identity) and <c>{token}</c>. Values are percent-encoded.
/// </summary>
public sealed partial class UrlTemplate
{
    private static readonly string[] Known = ["room", "identity", "session", "token"];

    private readonly string _text;

    /// <exception cref="ArgumentException">No http URL, or an unknown place; the message says which.</exception>
    public UrlTemplate(string text)
    {
        _text = text;
        foreach (Match place in Place().Matches(text))
        {
            if (!Known.Contains(place.Groups[1].Value))
            {
                throw new ArgumentException($"'{place.Value}' in '{text}' is none of {{room}}, {{identity}}, {{session}}, {{token}}");
            }
        }

        if (!Uri.TryCreate(Place().Replace(text, "x"), UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"'{text}' is no http or https URL");
        }
    }

    public Uri Expand(SessionName name, string? token) => new(Place().Replace(_text, place => Uri.EscapeDataString(
        place.Groups[1].Value switch
        {
            "room" => name.Room,
            "identity" => name.Publishes ? name.Identity : name.Watched,
            "session" => name.Identity,
            _ => token ?? "",
        })));

    public override string ToString() => _text;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RtcPlatform.Wire.Sdp;

/// <summary>
/// Reads session descriptions (RFC 8866). Strict where a mistake would be dangerous (numbers, ids, structure), silent about
/// lines it does not know. Never throws for input.
/// </summary>
public static class SdpParser
{
    /// <summary>Characters; a full offer of 100 sections has about 250,000.</summary>
    public const int MaxLength = 1_000_000;

    public const int MaxSections = 512;

    public static bool TryParse(string text, [NotNullWhen(true)] out SessionDescription? session, [NotNullWhen(false)] out SdpError? error)
    {
        session = null;
        error = null;
        if (text.Length > MaxLength)
        {
            error = new SdpError(0, $"the description has more than {MaxLength} characters");
            return false;
        }

        int number = 0;
        MediaDescription? media = null;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.TrimEnd();
            if (line.IsEmpty)
            {
                continue;
            }

            string? fault = line.Length < 2 || line[1] != '='
                ? "expected <letter>="
                : ReadLine(line[0], line[2..], number, ref session, ref media);
            if (fault is not null)
            {
                error = new SdpError(number, $"{fault}: '{line[..Math.Min(line.Length, 80)]}'");
                session = null;
                return false;
            }
        }

        if (session is null)
        {
            error = new SdpError(0, "the description is empty");
            return false;
        }

        return true;
    }

    private static string? ReadLine(
        char type, ReadOnlySpan<char> value, int number, ref SessionDescription? session, ref MediaDescription? media)
    {
        if (number == 1)
        {
            return type == 'v' && value.SequenceEqual("0") ? null : "the first line must be v=0";
        }

        if (session is null)
        {
            return type == 'o' ? ReadOrigin(value, out session) : "the second line must be o=";
        }

        switch (type)
        {
            case 'm':
                if (session.Media.Count == MaxSections)
                {
                    return $"more than {MaxSections} media sections";
                }

                string? fault = ReadMedia(value, out media);
                if (media is not null)
                {
                    session.Media.Add(media);
                }

                return fault;
            case 'a':
                return media is null
                    ? SdpAttributes.ReadSession(value, session)
                    : SdpAttributes.ReadMedia(value, media);
            default:
                return null;
        }
    }

    private static string? ReadOrigin(ReadOnlySpan<char> value, out SessionDescription? session)
    {
        session = null;
        string[] parts = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 6)
        {
            return "o= needs six fields";
        }

        session = new SessionDescription { SessionId = parts[1] };
        return null;
    }

    private static string? ReadMedia(ReadOnlySpan<char> value, out MediaDescription? media)
    {
        media = null;
        string[] parts = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 4)
        {
            return "m= needs a kind, a port, a protocol and a format";
        }

        // The port may carry a count ("49170/2"), which WebRTC never uses.
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
        {
            return "m= has no valid port";
        }

        media = new MediaDescription { Kind = parts[0], Port = port, Protocol = parts[2], Formats = parts[3..] };
        return null;
    }
}

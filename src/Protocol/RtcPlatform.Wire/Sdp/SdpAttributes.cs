using System.Globalization;

namespace RtcPlatform.Wire.Sdp;

/// <summary>Reads <c>a=</c> lines into a session or a media section; gives the fault, or null.</summary>
internal static class SdpAttributes
{
    /// <summary>More than any browser sends; a bound for hostile input.</summary>
    private const int MaxEntries = 256;

    public static string? ReadSession(ReadOnlySpan<char> line, SessionDescription session)
    {
        (string name, string value) = Split(line);
        switch (name)
        {
            case "group":
                string[] group = Words(value);
                if (group.Length > 0 && group[0] == "BUNDLE" && session.Bundle.Count == 0)
                {
                    session.Bundle = group[1..];
                }

                return null;
            case "ice-lite":
                session.IsIceLite = true;
                return null;
            case "extmap-allow-mixed":
                session.AllowMixedExtensions = true;
                return null;
            default:
                return ReadTransport(name, value, session.Transport);
        }
    }

    public static string? ReadMedia(ReadOnlySpan<char> line, MediaDescription media)
    {
        (string name, string value) = Split(line);
        switch (name)
        {
            case "mid":
                media.Mid = value;
                return value.Length is > 0 and <= 32 && value.All(IsTokenChar) ? null : "invalid mid";
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                media.Direction = ParseDirection(name)!.Value;
                return null;
            case "rtcp-mux":
                media.RtcpMux = true;
                return null;
            case "bundle-only":
                media.BundleOnly = true;
                return null;
            case "extmap-allow-mixed":
                media.AllowMixedExtensions = true;
                return null;
            case "rtpmap":
                return ReadRtpMap(value, media);
            case "fmtp":
                return ReadParameters(value, media);
            case "rtcp-fb":
                return ReadFeedback(value, media);
            case "extmap":
                return ReadExtension(value, media);
            case "ssrc":
                return ReadSsrc(value, media);
            case "ssrc-group":
                return ReadSsrcGroup(value, media);
            case "rid":
                return ReadRid(value, media);
            case "simulcast":
                return ReadSimulcast(value, media);
            default:
                return ReadTransport(name, value, media.Transport);
        }
    }

    private static string? ReadTransport(string name, string value, TransportAttributes transport)
    {
        switch (name)
        {
            case "ice-ufrag":
                transport.IceUfrag = value;
                return value.Length is >= 4 and <= 256 && value.All(IsIceChar) ? null : "ice-ufrag must have 4 to 256 ice-chars";
            case "ice-pwd":
                transport.IcePassword = value;
                return value.Length is >= 22 and <= 256 && value.All(IsIceChar) ? null : "ice-pwd must have 22 to 256 ice-chars";
            case "fingerprint":
                transport.Fingerprints.Add(value);
                return transport.Fingerprints.Count <= 8 ? null : "too many fingerprints";
            case "setup":
                transport.Setup = value;
                return value is "actpass" or "active" or "passive" or "holdconn" ? null : "unknown setup role";
            default:
                return null;
        }
    }

    private static string? ReadRtpMap(string value, MediaDescription media)
    {
        string[] words = Words(value);
        string[] parts = words.Length == 2 ? words[1].Split('/') : [];
        if (parts.Length is not (2 or 3) || !TryPayloadType(words[0], out int payloadType)
            || !TryNumber(parts[1], out int clockRate) || clockRate == 0)
        {
            return "invalid rtpmap";
        }

        int channels = 1;
        if (parts.Length == 3 && (!TryNumber(parts[2], out channels) || channels is < 1 or > 255))
        {
            return "invalid rtpmap";
        }

        media.RtpMaps[payloadType] = new RtpMap(payloadType, parts[0], clockRate, channels);
        return null;
    }

    private static string? ReadParameters(string value, MediaDescription media)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !TryPayloadType(value[..space], out int payloadType))
        {
            return "invalid fmtp";
        }

        media.Parameters[payloadType] = value[(space + 1)..].Trim();
        return null;
    }

    private static string? ReadFeedback(string value, MediaDescription media)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        int payloadType = -1;
        if (space < 0 || (value[..space] != "*" && !TryPayloadType(value[..space], out payloadType)))
        {
            return "invalid rtcp-fb";
        }

        media.Feedback.Add(new FeedbackLine(payloadType, value[(space + 1)..].Trim()));
        return media.Feedback.Count <= 4 * MaxEntries ? null : "too many rtcp-fb lines";
    }

    private static string? ReadExtension(string value, MediaDescription media)
    {
        string[] words = Words(value);
        string[] id = words.Length >= 2 ? words[0].Split('/') : [""];
        MediaDirection? direction = id.Length == 1 ? MediaDirection.SendRecv : ParseDirection(id[1]);
        if (!TryNumber(id[0], out int number) || number is < 1 or > 255 || direction is null)
        {
            return "invalid extmap";
        }

        media.Extensions.Add(new ExtensionMap(number, words[1], direction.Value));
        return media.Extensions.Count <= MaxEntries ? null : "too many extmap lines";
    }

    private static string? ReadSsrc(string value, MediaDescription media)
    {
        string[] words = Words(value);
        if (words.Length == 0 || !uint.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint ssrc))
        {
            return "invalid ssrc";
        }

        if (!media.Ssrcs.Contains(ssrc))
        {
            media.Ssrcs.Add(ssrc);
        }

        return media.Ssrcs.Count <= 32 ? null : "too many ssrcs in one section";
    }

    private static string? ReadSsrcGroup(string value, MediaDescription media)
    {
        string[] words = Words(value);
        if (words.Length < 2)
        {
            return "invalid ssrc-group";
        }

        var ssrcs = new List<uint>();
        foreach (string word in words[1..])
        {
            if (!uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint ssrc))
            {
                return "invalid ssrc-group";
            }

            ssrcs.Add(ssrc);
        }

        media.SsrcGroups.Add(new SsrcGroup(words[0], ssrcs));
        return media.SsrcGroups.Count <= 32 ? null : "too many ssrc-groups";
    }

    private static string? ReadRid(string value, MediaDescription media)
    {
        string[] words = Words(value);
        if (words.Length < 2 || words[0].Length > 16 || !words[0].All(char.IsAsciiLetterOrDigit) || words[1] is not ("send" or "recv"))
        {
            return "invalid rid";
        }

        media.Rids.Add(new RidLine(words[0], words[1]));
        return media.Rids.Count <= 16 ? null : "too many rids";
    }

    private static string? ReadSimulcast(string value, MediaDescription media)
    {
        string[] words = Words(value);
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            if (words[i] == "send")
            {
                media.SimulcastSend.AddRange(words[i + 1].Split(';').Select(static s => s.Split(',')[0].TrimStart('~')));
            }
        }

        return media.SimulcastSend.Count <= 16 ? null : "too many simulcast streams";
    }

    private static MediaDirection? ParseDirection(string name) => name switch
    {
        "sendrecv" => MediaDirection.SendRecv,
        "sendonly" => MediaDirection.SendOnly,
        "recvonly" => MediaDirection.RecvOnly,
        "inactive" => MediaDirection.Inactive,
        _ => null,
    };

    private static (string Name, string Value) Split(ReadOnlySpan<char> line)
    {
        int colon = line.IndexOf(':');
        return colon < 0
            ? (line.ToString(), "")
            : (line[..colon].ToString(), line[(colon + 1)..].Trim().ToString());
    }

    private static string[] Words(string value) => value.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryPayloadType(string text, out int payloadType) =>
        TryNumber(text, out payloadType) && payloadType is >= 0 and <= 127;

    private static bool IsIceChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/';

    // RFC 8866 section 9, token-char.
    private static bool IsTokenChar(char c) =>
        c is > ' ' and < (char)127 && c is not ('"' or '(' or ')' or ',' or '/' or ':' or ';' or '<' or '=' or '>' or '?' or '@' or '[' or '\\' or ']');
}

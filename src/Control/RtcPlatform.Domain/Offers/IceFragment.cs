namespace RtcPlatform.Domain.Offers;

/// <summary>
/// A client's <c>application/trickle-ice-sdpfrag</c> (RFC 8840) as far as an ICE-lite server needs it: whose ICE session it
/// speaks of. Candidates are counted, not read: a lite agent learns the client's addresses from its checks.
/// </summary>
/// <param name="Ufrag">Empty when the fragment names none.</param>
/// <param name="Password">Empty when the fragment names none.</param>
public sealed record IceFragment(string Ufrag, string Password, int Candidates, bool IsEnd)
{
    private const int MaxCandidates = 1_000;

    /// <summary>Null when the text is no fragment: a line is none of SDP, a credential is not well-formed, or nothing is said.</summary>
    public static IceFragment? TryRead(string text)
    {
        string ufrag = string.Empty;
        string password = string.Empty;
        int candidates = 0;
        bool end = false;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.TrimEnd();
            if (line.IsEmpty)
            {
                continue;
            }

            if (line.Length < 3 || line[1] != '=' || line[0] is not ('a' or 'm' or 'c' or 'b'))
            {
                return null;
            }

            if (line.StartsWith("a=ice-ufrag:", StringComparison.Ordinal))
            {
                ufrag = line[12..].Trim().ToString();
            }
            else if (line.StartsWith("a=ice-pwd:", StringComparison.Ordinal))
            {
                password = line[10..].Trim().ToString();
            }
            else if (line.StartsWith("a=candidate:", StringComparison.Ordinal))
            {
                candidates++;
            }
            else if (line is "a=end-of-candidates")
            {
                end = true;
            }
        }

        bool saysSomething = ufrag.Length > 0 || candidates > 0 || end;
        bool wellFormed = (ufrag.Length == 0) == (password.Length == 0)
            && (ufrag.Length == 0 || (IsIceText(ufrag, 4) && IsIceText(password, 22)));
        return saysSomething && wellFormed && candidates <= MaxCandidates ? new IceFragment(ufrag, password, candidates, end) : null;
    }

    // RFC 8839 section 5.4: 4 or 22, to 256 ice-chars.
    private static bool IsIceText(string text, int shortest)
    {
        if (text.Length < shortest || text.Length > 256)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'))
            {
                return false;
            }
        }

        return true;
    }
}

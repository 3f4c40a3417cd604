using System.Text;

namespace RtcPlatform.Wire.Extensions;

/// <summary>
/// What may stand in the text extensions that name a stream: MID (RFC 9143 section 15.1, a token of RFC 8866) and RID
/// (RFC 8851 section 10, RFC 8852 section 3). Compared without making strings, since packets carry them.
/// </summary>
public static class StreamLabel
{
    /// <summary>The one-byte extension form holds no more.</summary>
    public const int MaxLength = 16;

    private const string TokenSymbols = "!#$%&'*+-.^_`{|}~";

    public static bool IsMid(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !TokenSymbols.Contains(character))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaxLength;
    }

    public static bool IsRid(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaxLength;
    }

    /// <summary>
    /// Whether an extension's value is this label. Some senders pad with null octets (RFC 7941 section 4.1.1); they do
    /// not count.
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> value, ReadOnlySpan<char> label) =>
        Ascii.Equals(value.TrimEnd((byte)0), label);
}

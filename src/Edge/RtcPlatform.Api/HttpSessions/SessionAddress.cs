using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>
/// The last part of a session's URL: whose session it is, and 256 random bits that nobody can guess, which are the
/// authorization (RFC 9725 sections 4.7.1 and 5). Says everything that a request needs, so that any server can answer it.
/// </summary>
internal readonly record struct SessionAddress(string ProjectId, string Identity, string Secret)
{
    private const int LongestText = 4_096;
    private const char Separator = '\n';

    public string GrainKey(string room) => GrainKeys.Participant(ProjectId, room, Identity);

    public static bool TryParse(string text, out SessionAddress address)
    {
        address = default;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == text.Length - 1 || text.Length > LongestText || !TryDecode(text.AsSpan(0, dot), out string? owner))
        {
            return false;
        }

        int end = owner.IndexOf(Separator, StringComparison.Ordinal);
        if (end <= 0 || end == owner.Length - 1)
        {
            return false;
        }

        address = new SessionAddress(owner[..end], owner[(end + 1)..], text[(dot + 1)..]);
        return true;
    }

    public override string ToString() =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{ProjectId}{Separator}{Identity}"))}.{Secret}";

    private static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.TryDecodeFromChars(text, bytes, out int written))
        {
            return false;
        }

        decoded = Encoding.UTF8.GetString(bytes, 0, written);
        return true;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RtcPlatform.Domain.Ids;

/// <summary>The name of a room within its project: 1 to 256 printable characters.</summary>
public readonly record struct RoomName
{
    private RoomName(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out RoomName name)
    {
        bool valid = PrintableName.IsValid(text);
        name = valid ? new RoomName(text!) : default;
        return valid;
    }

    public override string ToString() => Value ?? string.Empty;
}

/// <summary>Who a participant is, unique within a room at any time: 1 to 256 printable characters.</summary>
public readonly record struct ParticipantIdentity
{
    private ParticipantIdentity(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out ParticipantIdentity identity)
    {
        bool valid = PrintableName.IsValid(text);
        identity = valid ? new ParticipantIdentity(text!) : default;
        return valid;
    }

    public override string ToString() => Value ?? string.Empty;
}

/// <summary>The rule for names that customers choose; spaces are allowed within, not around.</summary>
public static class PrintableName
{
    public const int MaxLength = 256;

    public static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
        {
            return false;
        }

        return IsPrintable(text);
    }

    /// <summary>No control, private or unassigned characters and no lone surrogates.</summary>
    public static bool IsPrintable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (!char.IsSurrogatePair(text, i))
                {
                    return false;
                }

                i++;
                continue;
            }

            // Format characters stay allowed: a zero-width joiner is part of many names and emoji.
            if (char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return true;
    }
}

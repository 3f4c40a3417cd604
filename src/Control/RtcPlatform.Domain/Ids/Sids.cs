using System.Diagnostics.CodeAnalysis;

namespace RtcPlatform.Domain.Ids;

/// <summary>One life of a room: <c>RM_</c> and 12 base62 characters. A room that was closed and opened again has another.</summary>
public readonly record struct RoomSid
{
    public const string Prefix = "RM_";

    private RoomSid(string value) => Value = value;

    public string Value { get; }

    /// <param name="entropy">At least <see cref="Base62.EntropyBytes"/> random bytes.</param>
    public static RoomSid Create(ReadOnlySpan<byte> entropy) => new(Sid.Create(Prefix, entropy));

    public static bool TryParse([NotNullWhen(true)] string? text, out RoomSid sid)
    {
        bool valid = Sid.IsValid(Prefix, text);
        sid = valid ? new RoomSid(text!) : default;
        return valid;
    }

    public override string ToString() => Value ?? string.Empty;
}

/// <summary>One stay of a participant in a room: <c>PA_</c> and 12 base62 characters; kept over resumes.</summary>
public readonly record struct ParticipantSid
{
    public const string Prefix = "PA_";

    private ParticipantSid(string value) => Value = value;

    public string Value { get; }

    /// <param name="entropy">At least <see cref="Base62.EntropyBytes"/> random bytes.</param>
    public static ParticipantSid Create(ReadOnlySpan<byte> entropy) => new(Sid.Create(Prefix, entropy));

    public static bool TryParse([NotNullWhen(true)] string? text, out ParticipantSid sid)
    {
        bool valid = Sid.IsValid(Prefix, text);
        sid = valid ? new ParticipantSid(text!) : default;
        return valid;
    }

    public override string ToString() => Value ?? string.Empty;
}

/// <summary>One published track: <c>TR_</c> and 12 base62 characters; kept over new transports.</summary>
public readonly record struct TrackSid
{
    public const string Prefix = "TR_";

    private TrackSid(string value) => Value = value;

    public string Value { get; }

    /// <param name="entropy">At least <see cref="Base62.EntropyBytes"/> random bytes.</param>
    public static TrackSid Create(ReadOnlySpan<byte> entropy) => new(Sid.Create(Prefix, entropy));

    public static bool TryParse([NotNullWhen(true)] string? text, out TrackSid sid)
    {
        bool valid = Sid.IsValid(Prefix, text);
        sid = valid ? new TrackSid(text!) : default;
        return valid;
    }

    public override string ToString() => Value ?? string.Empty;
}

internal static class Sid
{
    private const int RandomLength = 12;

    public static string Create(string prefix, ReadOnlySpan<byte> entropy) => prefix + Base62.Encode(entropy, RandomLength);

    public static bool IsValid(string prefix, string? text) =>
        text is not null
        && text.Length == prefix.Length + RandomLength
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && Base62.IsBase62(text.AsSpan(prefix.Length));
}

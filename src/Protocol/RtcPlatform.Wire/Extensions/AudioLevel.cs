namespace RtcPlatform.Wire.Extensions;

/// <summary>How loud the audio of a packet is, as its sender says (RFC 6464 section 3).</summary>
/// <param name="Voice">The sender's detector heard speech.</param>
/// <param name="Level">0 (loudest) to 127 (silence), in -dBov.</param>
public readonly record struct AudioLevel(bool Voice, byte Level)
{
    public const int Length = 1;

    private const byte Silence = 127;

    /// <summary>The two-byte form may carry a padding octet behind the level (RFC 6464 section 3).</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out AudioLevel level)
    {
        bool fits = value.Length is Length or Length + 1;
        level = fits ? new AudioLevel((value[0] & 0x80) != 0, (byte)(value[0] & Silence)) : new AudioLevel(false, Silence);
        return fits;
    }

    public void Write(Span<byte> destination) => destination[0] = (byte)((Voice ? 0x80 : 0) | (Level & Silence));
}

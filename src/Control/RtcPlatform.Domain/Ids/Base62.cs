using System.Buffers.Binary;

namespace RtcPlatform.Domain.Ids;

/// <summary>Digits and letters, for ids that people copy and paste.</summary>
public static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Bytes of chance that one id takes.</summary>
    public const int EntropyBytes = 16;

    /// <summary>Writes <paramref name="length"/> (at most 20) characters; 16 random bytes leave a bias below 2^-56 at 12.</summary>
    public static string Encode(ReadOnlySpan<byte> entropy, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entropy.Length, EntropyBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 20);
        UInt128 rest = BinaryPrimitives.ReadUInt128BigEndian(entropy);
        Span<char> characters = stackalloc char[length];
        for (int i = 0; i < length; i++)
        {
            (rest, UInt128 digit) = UInt128.DivRem(rest, 62);
            characters[i] = Alphabet[(int)digit];
        }

        return new string(characters);
    }

    public static bool IsBase62(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RtcPlatform.Wire.Stun;

/// <summary>
/// The keyed checksums of RFC 8489 sections 14.5 and 14.6: HMAC over everything before the attribute, with the length field
/// set as if the message ended with that attribute.
/// </summary>
public static class StunIntegrity
{
    /// <summary>
    /// Longer messages are not verified: no datagram of ours carries one, and hashing tens of kilobytes for a stranger is work
    /// that only an attacker asks for.
    /// </summary>
    public const int MaxMessageLength = 2048;

    internal static bool VerifySha1(ReadOnlySpan<byte> message, int attribute, ReadOnlySpan<byte> key)
    {
        Span<byte> copy = stackalloc byte[MaxMessageLength];
        Span<byte> expected = stackalloc byte[StunFormat.Sha1Length];
        return TryCopyProtected(message, attribute, copy, out ReadOnlySpan<byte> input, out ReadOnlySpan<byte> actual)
            && HMACSHA1.HashData(key, input, expected) == expected.Length
            && CryptographicOperations.FixedTimeEquals(expected, actual);
    }

    internal static bool VerifySha256(ReadOnlySpan<byte> message, int attribute, ReadOnlySpan<byte> key)
    {
        Span<byte> copy = stackalloc byte[MaxMessageLength];
        Span<byte> expected = stackalloc byte[StunFormat.Sha256Length];
        return TryCopyProtected(message, attribute, copy, out ReadOnlySpan<byte> input, out ReadOnlySpan<byte> actual)
            && HMACSHA256.HashData(key, input, expected) == expected.Length
            && CryptographicOperations.FixedTimeEquals(expected[..actual.Length], actual);
    }

    private static bool TryCopyProtected(
        ReadOnlySpan<byte> message, int attribute, Span<byte> copy, out ReadOnlySpan<byte> input, out ReadOnlySpan<byte> actual)
    {
        input = default;
        actual = default;
        if (attribute > copy.Length)
        {
            return false;
        }

        int valueStart = attribute + StunFormat.AttributeHeaderLength;
        actual = message.Slice(valueStart, BinaryPrimitives.ReadUInt16BigEndian(message[(attribute + 2)..]));
        message[..attribute].CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)(valueStart + actual.Length - StunFormat.HeaderLength));
        input = copy[..attribute];
        return true;
    }
}

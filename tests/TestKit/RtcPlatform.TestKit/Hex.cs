namespace RtcPlatform.TestKit;

/// <summary>Hexadecimal text in tests; white space between the digits is ignored, so that listings can be laid out.</summary>
public static class Hex
{
    public static byte[] Decode(string text) =>
        Convert.FromHexString(string.Concat(text.Where(character => !char.IsWhiteSpace(character))));

    public static string Encode(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RtcPlatform.Crypto.Dtls;

/// <summary>
/// Hash of a DER certificate, as in the value of SDP's <c>a=fingerprint</c>: <c>sha-256 AB:CD:…</c> (RFC 8122 section 5).
/// Accepted hashes: sha-256, sha-384, sha-512; older ones are refused because they are broken.
/// </summary>
public sealed class DtlsFingerprint : IEquatable<DtlsFingerprint>
{
    private readonly byte[] _hash;

    private DtlsFingerprint(string algorithm, byte[] hash)
    {
        Algorithm = algorithm;
        _hash = hash;
    }

    /// <summary>Lower-case hash name: sha-256, sha-384 or sha-512.</summary>
    public string Algorithm { get; }

    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Parses the value of an <c>a=fingerprint</c> line; names and digits in either case.</summary>
    /// <param name="value">Hash name, one space, hexadecimal pairs parted by colons.</param>
    /// <returns>False for another hash, a wrong length or anything malformed.</returns>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        var space = value.IndexOf(' ');
        if (space < 0)
        {
            return false;
        }

        var (algorithm, length) = Known(value[..space]);
        var digits = value[(space + 1)..].Trim();
        if (algorithm is null || digits.Length != length * 3 - 1)
        {
            return false;
        }

        var hash = new byte[length];
        for (var i = 0; i < length; i++)
        {
            var high = HexValue(digits[i * 3]);
            var low = HexValue(digits[i * 3 + 1]);
            if ((high | low) < 0 || (i + 1 < length && digits[i * 3 + 2] != ':'))
            {
                return false;
            }

            hash[i] = (byte)(high << 4 | low);
        }

        fingerprint = new DtlsFingerprint(algorithm, hash);
        return true;
    }

    /// <summary>The SHA-256 fingerprint of a certificate.</summary>
    public static DtlsFingerprint OfCertificate(ReadOnlySpan<byte> der) => new("sha-256", SHA256.HashData(der));

    /// <summary>Whether a certificate has this fingerprint. Compares in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> der)
    {
        var actual = Algorithm switch
        {
            "sha-256" => SHA256.HashData(der),
            "sha-384" => SHA384.HashData(der),
            _ => SHA512.HashData(der),
        };
        return CryptographicOperations.FixedTimeEquals(actual, _hash);
    }

    public bool Equals(DtlsFingerprint? other) => other is not null && Algorithm == other.Algorithm && Hash.SequenceEqual(other.Hash);

    public override bool Equals(object? obj) => Equals(obj as DtlsFingerprint);

    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>The hash alone, upper case: <c>AB:CD:…</c>.</summary>
    public string ToHex() => BitConverter.ToString(_hash).Replace('-', ':');

    /// <summary>The value of an <c>a=fingerprint</c> line.</summary>
    public override string ToString() => $"{Algorithm} {ToHex()}";

    private static (string? Algorithm, int Length) Known(ReadOnlySpan<char> name) => name switch
    {
        _ when name.Equals("sha-256", StringComparison.OrdinalIgnoreCase) => ("sha-256", 32),
        _ when name.Equals("sha-384", StringComparison.OrdinalIgnoreCase) => ("sha-384", 48),
        _ when name.Equals("sha-512", StringComparison.OrdinalIgnoreCase) => ("sha-512", 64),
        _ => (null, 0),
    };

    private static int HexValue(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => -1,
    };
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RtcPlatform.Domain.Tokens;

/// <summary>
/// A JWS in compact form (RFC 7515 section 3.1) that was taken apart. Only its <see cref="Issuer"/> can be read before
/// <see cref="Verify"/>, because it is needed to find the key.
/// </summary>
public sealed class UnverifiedToken
{
    /// <summary>Characters; cheap to refuse before anything is decoded.</summary>
    public const int MaximumLength = 8 * 1024;

    /// <summary>How far a signer's clock may be ahead of ours. There is none for <c>exp</c>.</summary>
    public static readonly TimeSpan NotBeforeLeeway = TimeSpan.FromSeconds(60);

    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly byte[] _signed;
    private readonly byte[] _signature;
    private readonly ClaimReading _claims;

    private UnverifiedToken(byte[] signed, byte[] signature, ClaimReading claims)
    {
        _signed = signed;
        _signature = signature;
        _claims = claims;
    }

    public string Issuer => _claims.Issuer;

    /// <summary>Takes a token apart without believing it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UnverifiedToken? token, out TokenFailure failure)
    {
        token = null;
        failure = TokenFailure.Malformed;
        if (text is null || text.Length > MaximumLength)
        {
            failure = text is null ? TokenFailure.Malformed : TokenFailure.TooLarge;
            return false;
        }

        string[] parts = text.Split('.');
        if (parts.Length != 3
            || !TryDecode(parts[0], out byte[] header)
            || !TryDecode(parts[1], out byte[] payload)
            || !TryDecode(parts[2], out byte[] signature))
        {
            return false;
        }

        if (!TryReadHeader(header, ref failure) || !TryReadPayload(payload, out ClaimReading? claims))
        {
            return false;
        }

        token = new UnverifiedToken(Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), signature, claims);
        return true;
    }

    /// <param name="secret">The API secret's UTF-8 octets.</param>
    /// <param name="ignoreExpiry">For a resume: the token was valid at the join, and the resume token proves who asks.</param>
    public TokenVerification Verify(ReadOnlySpan<byte> secret, DateTimeOffset now, bool ignoreExpiry = false)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, _signed, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, _signature))
        {
            return TokenFailure.BadSignature;
        }

        if (_claims.ExpiresAt is not { } expiresAt)
        {
            return TokenFailure.NoExpiry;
        }

        if (now >= expiresAt && !ignoreExpiry)
        {
            return TokenFailure.Expired;
        }

        return _claims.NotBefore is { } notBefore && now < notBefore - NotBeforeLeeway
            ? TokenFailure.NotYetValid
            : _claims.ToClaims(expiresAt);
    }

    private static bool TryReadHeader(byte[] json, ref TokenFailure failure)
    {
        try
        {
            using JsonDocument header = JsonDocument.Parse(json, StrictJson);
            if (header.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            bool pinned = header.RootElement.TryGetProperty("alg", out JsonElement algorithm)
                && algorithm.ValueKind == JsonValueKind.String
                && algorithm.ValueEquals("HS256"u8)
                && !header.RootElement.TryGetProperty("crit", out _);
            failure = pinned ? failure : TokenFailure.AlgorithmRefused;
            return pinned;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadPayload(byte[] json, [NotNullWhen(true)] out ClaimReading? claims)
    {
        claims = null;
        try
        {
            using JsonDocument payload = JsonDocument.Parse(json, StrictJson);
            return ClaimReading.TryRead(payload.RootElement, out claims);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // JsonElement.GetString says so for text that is no Unicode, such as an unpaired surrogate.
            return false;
        }
    }

    private static bool TryDecode(string part, out byte[] octets)
    {
        octets = [];
        foreach (char character in part)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        if (!Base64Url.IsValid(part))
        {
            return false;
        }

        octets = Base64Url.DecodeFromChars(part);
        return true;
    }
}

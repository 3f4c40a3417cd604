using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Stun;

/// <summary>
/// A well-formed STUN message (RFC 8489 section 5) over the caller's buffer. Well-formed says nothing of authentic: ask
/// <see cref="VerifyIntegrity"/>. Attributes are found only in front of the first integrity attribute, because what
/// follows it is not protected (section 14.5).
/// </summary>
public readonly ref struct StunMessageView
{
    private const int None = -1;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _integrity;
    private readonly int _integritySha256;
    private readonly int _fingerprint;

    private StunMessageView(ReadOnlySpan<byte> message, int integrity, int integritySha256, int fingerprint)
    {
        _message = message;
        _integrity = integrity;
        _integritySha256 = integritySha256;
        _fingerprint = fingerprint;
    }

    public StunClass Class => (StunClass)(((_message[0] & 1) << 1) | ((_message[1] >> 4) & 1));

    public StunMethod Method
    {
        get
        {
            // The class bits C1 and C0 stand inside the method (RFC 8489 figure 3).
            int type = BinaryPrimitives.ReadUInt16BigEndian(_message);
            return (StunMethod)((type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2));
        }
    }

    /// <summary>12 octets.</summary>
    public ReadOnlySpan<byte> TransactionId => _message.Slice(8, StunFormat.TransactionIdLength);

    public bool HasIntegrity => _integrity != None;

    public bool HasIntegritySha256 => _integritySha256 != None;

    public bool HasFingerprint => _fingerprint != None;

    /// <summary>All attributes in their order, protected or not.</summary>
    public StunAttributeReader Attributes => new(_message[StunFormat.HeaderLength..]);

    public bool UseCandidate => TryGetAttribute(StunAttributeType.UseCandidate, out _);

    /// <summary>
    /// Checks header, magic cookie, that the length field is exact and a multiple of four, that every attribute fits, that
    /// integrity attributes have a permitted length and that nothing follows FINGERPRINT.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessageView view)
    {
        view = default;
        if (datagram.Length < StunFormat.HeaderLength
            || datagram[0] > 0x3F
            || (datagram.Length & 3) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - StunFormat.HeaderLength
            || BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != StunFormat.MagicCookie)
        {
            return false;
        }

        int integrity = None;
        int integritySha256 = None;
        int fingerprint = None;
        var reader = new StunAttributeReader(datagram[StunFormat.HeaderLength..]);
        while (reader.MoveNext())
        {
            if (fingerprint != None)
            {
                return false;
            }

            int offset = StunFormat.HeaderLength + reader.Offset;
            switch (reader.Type)
            {
                case StunAttributeType.MessageIntegrity when integrity == None && integritySha256 == None:
                    if (reader.Value.Length != StunFormat.Sha1Length)
                    {
                        return false;
                    }

                    integrity = offset;
                    break;
                case StunAttributeType.MessageIntegritySha256 when integritySha256 == None:
                    // RFC 8489 section 14.6: may be truncated, to no less than 16 octets and a multiple of four.
                    if (reader.Value.Length is < 16 or > StunFormat.Sha256Length || (reader.Value.Length & 3) != 0)
                    {
                        return false;
                    }

                    integritySha256 = offset;
                    break;
                case StunAttributeType.Fingerprint:
                    if (reader.Value.Length != sizeof(uint))
                    {
                        return false;
                    }

                    fingerprint = offset;
                    break;
            }
        }

        if (!reader.IsAtEnd)
        {
            return false;
        }

        view = new StunMessageView(datagram, integrity, integritySha256, fingerprint);
        return true;
    }

    /// <summary>
    /// Finds the first attribute of this type in the protected part (all of it when there is no integrity attribute).
    /// </summary>
    public bool TryGetAttribute(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        var reader = new StunAttributeReader(ProtectedAttributes);
        while (reader.MoveNext())
        {
            if (reader.Type == type)
            {
                value = reader.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>UTF-8 octets; RFC 8489 section 14.3 permits up to 508.</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> username) => TryGetAttribute(StunAttributeType.Username, out username);

    public bool TryGetPriority(out uint priority)
    {
        bool found = TryGetAttribute(StunAttributeType.Priority, out ReadOnlySpan<byte> value) && value.Length == sizeof(uint);
        priority = found ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return found;
    }

    public bool TryGetIceControlled(out ulong tieBreaker) => TryGetTieBreaker(StunAttributeType.IceControlled, out tieBreaker);

    public bool TryGetIceControlling(out ulong tieBreaker) => TryGetTieBreaker(StunAttributeType.IceControlling, out tieBreaker);

    public bool TryGetXorMappedAddress(out TransportAddress address)
    {
        address = default;
        return TryGetAttribute(StunAttributeType.XorMappedAddress, out ReadOnlySpan<byte> value)
            && StunAddress.TryRead(value, TransactionId, out address);
    }

    /// <param name="code">300 to 699.</param>
    /// <param name="reason">UTF-8 text for people.</param>
    public bool TryGetErrorCode(out int code, out ReadOnlySpan<byte> reason)
    {
        code = 0;
        reason = default;
        if (!TryGetAttribute(StunAttributeType.ErrorCode, out ReadOnlySpan<byte> value) || value.Length < 4)
        {
            return false;
        }

        int hundreds = value[2] & 0x07;
        int rest = value[3];
        if (hundreds is < 3 or > 6 || rest > 99)
        {
            return false;
        }

        code = (hundreds * 100) + rest;
        reason = value[4..];
        return true;
    }

    /// <summary>
    /// Collects the types below 0x8000 that an ICE agent does not understand; a request with any is answered with 420 and
    /// UNKNOWN-ATTRIBUTES (RFC 8489 section 6.3.1).
    /// </summary>
    /// <returns>How many were written; what does not fit is left out.</returns>
    public int FindUnknownRequired(scoped Span<ushort> types)
    {
        int count = 0;
        var reader = new StunAttributeReader(ProtectedAttributes);
        while (count < types.Length && reader.MoveNext())
        {
            if ((ushort)reader.Type < 0x8000 && !IsUnderstood(reader.Type))
            {
                types[count++] = (ushort)reader.Type;
            }
        }

        return count;
    }

    /// <summary>
    /// Checks MESSAGE-INTEGRITY in constant time; false when absent or the message exceeds <see
    /// cref="StunIntegrity.MaxMessageLength"/>.
    /// </summary>
    public bool VerifyIntegrity(scoped ReadOnlySpan<byte> key) =>
        HasIntegrity && StunIntegrity.VerifySha1(_message, _integrity, key);

    /// <summary>
    /// Checks MESSAGE-INTEGRITY-SHA256, also truncated, in constant time; false when absent or the message is too long.
    /// </summary>
    public bool VerifyIntegritySha256(scoped ReadOnlySpan<byte> key) =>
        HasIntegritySha256 && StunIntegrity.VerifySha256(_message, _integritySha256, key);

    /// <summary>Checks FINGERPRINT; false when absent.</summary>
    public bool VerifyFingerprint() =>
        HasFingerprint
        && BinaryPrimitives.ReadUInt32BigEndian(_message[(_fingerprint + StunFormat.AttributeHeaderLength)..])
            == (Crc32.Compute(_message[.._fingerprint]) ^ StunFormat.FingerprintXor);

    private ReadOnlySpan<byte> ProtectedAttributes
    {
        get
        {
            int end = HasIntegrity ? _integrity
                : HasIntegritySha256 ? _integritySha256
                : HasFingerprint ? _fingerprint
                : _message.Length;
            return _message[StunFormat.HeaderLength..end];
        }
    }

    private bool TryGetTieBreaker(StunAttributeType type, out ulong tieBreaker)
    {
        bool found = TryGetAttribute(type, out ReadOnlySpan<byte> value) && value.Length == sizeof(ulong);
        tieBreaker = found ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;
        return found;
    }

    private static bool IsUnderstood(StunAttributeType type) => type
        is StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity
        or StunAttributeType.ErrorCode or StunAttributeType.UnknownAttributes or StunAttributeType.Realm
        or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256 or StunAttributeType.PasswordAlgorithm
        or StunAttributeType.UserHash or StunAttributeType.XorMappedAddress or StunAttributeType.Priority
        or StunAttributeType.UseCandidate;
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Stun;

/// <summary>
/// Writes one STUN message (RFC 8489 section 5) into the caller's buffer. Attributes stand in the order of the calls:
/// integrity after everything it protects, FINGERPRINT last. A buffer that is too small is the caller's error and throws.
/// </summary>
public ref struct StunMessageWriter
{
    private readonly Span<byte> _destination;
    private readonly byte _padding;
    private int _position;

    /// <param name="transactionId">12 octets.</param>
    /// <param name="padding">The octet that fills attributes up to four; any value is right (RFC 8489 section 14).</param>
    public StunMessageWriter(
        Span<byte> destination, StunClass @class, StunMethod method, scoped ReadOnlySpan<byte> transactionId, byte padding = 0)
    {
        _destination = destination;
        _padding = padding;
        _position = StunFormat.HeaderLength;
        int bits = (int)method;
        int type = (bits & 0x000F) | ((bits & 0x0070) << 1) | ((bits & 0x0F80) << 2)
            | (((int)@class & 1) << 4) | (((int)@class & 2) << 7);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StunFormat.MagicCookie);
        transactionId[..StunFormat.TransactionIdLength].CopyTo(destination[8..]);
    }

    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Reserve(type, value.Length));

    public void Add(StunAttributeType type, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Reserve(type, length));
    }

    public void AddUsername(scoped ReadOnlySpan<byte> utf8) => Add(StunAttributeType.Username, utf8);

    public void AddUsername(string username) => Add(StunAttributeType.Username, username);

    public void AddSoftware(string software) => Add(StunAttributeType.Software, software);

    public void AddRealm(string realm) => Add(StunAttributeType.Realm, realm);

    public void AddNonce(scoped ReadOnlySpan<byte> nonce) => Add(StunAttributeType.Nonce, nonce);

    public void AddPriority(uint priority) =>
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(StunAttributeType.Priority, sizeof(uint)), priority);

    public void AddUseCandidate() => Reserve(StunAttributeType.UseCandidate, 0);

    public void AddIceControlled(ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(StunAttributeType.IceControlled, sizeof(ulong)), tieBreaker);

    public void AddIceControlling(ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(StunAttributeType.IceControlling, sizeof(ulong)), tieBreaker);

    public void AddXorMappedAddress(TransportAddress address)
    {
        Span<byte> value = stackalloc byte[StunAddress.MaxLength];
        int length = StunAddress.Write(value, address, _destination.Slice(8, StunFormat.TransactionIdLength));
        Add(StunAttributeType.XorMappedAddress, value[..length]);
    }

    /// <param name="reason">Text for people, at most 128 characters.</param>
    public void AddErrorCode(StunErrorCode code, string reason)
    {
        (int hundreds, int rest) = Math.DivRem((int)code, 100);
        Span<byte> value = Reserve(StunAttributeType.ErrorCode, 4 + Encoding.UTF8.GetByteCount(reason));
        value[0] = 0;
        value[1] = 0;
        value[2] = (byte)hundreds;
        value[3] = (byte)rest;
        Encoding.UTF8.GetBytes(reason, value[4..]);
    }

    public void AddUnknownAttributes(scoped ReadOnlySpan<ushort> types)
    {
        Span<byte> value = Reserve(StunAttributeType.UnknownAttributes, types.Length * sizeof(ushort));
        for (int index = 0; index < types.Length; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(index * sizeof(ushort))..], types[index]);
        }
    }

    /// <summary>Appends MESSAGE-INTEGRITY (RFC 8489 section 14.5).</summary>
    /// <param name="key">The password's octets (short-term) or the MD5 key (long-term, section 9.2.2).</param>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key)
    {
        int end = _position;
        Span<byte> value = Reserve(StunAttributeType.MessageIntegrity, StunFormat.Sha1Length);
        HMACSHA1.HashData(key, _destination[..end], value);
    }

    /// <summary>Appends MESSAGE-INTEGRITY-SHA256, not truncated (RFC 8489 section 14.6).</summary>
    public void AddMessageIntegritySha256(scoped ReadOnlySpan<byte> key)
    {
        int end = _position;
        Span<byte> value = Reserve(StunAttributeType.MessageIntegritySha256, StunFormat.Sha256Length);
        HMACSHA256.HashData(key, _destination[..end], value);
    }

    /// <summary>Appends FINGERPRINT; nothing may follow it.</summary>
    public void AddFingerprint()
    {
        int end = _position;
        Span<byte> value = Reserve(StunAttributeType.Fingerprint, sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Compute(_destination[..end]) ^ StunFormat.FingerprintXor);
    }

    /// <summary>The length of the message, header included. The length field is kept right after every attribute.</summary>
    public readonly int Finish() => _position;

    /// <summary>
    /// Writes the attribute's header and padding and moves the message's length past it, which is also what both checksums
    /// want the length field to be.
    /// </summary>
    private Span<byte> Reserve(StunAttributeType type, int length)
    {
        int padded = (length + 3) & ~3;
        Span<byte> attribute = _destination.Slice(_position, StunFormat.AttributeHeaderLength + padded);
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        attribute[(StunFormat.AttributeHeaderLength + length)..].Fill(_padding);
        _position += attribute.Length;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[2..], (ushort)(_position - StunFormat.HeaderLength));
        return attribute.Slice(StunFormat.AttributeHeaderLength, length);
    }
}

using System.Buffers.Binary;

namespace RtcPlatform.Wire.Stun;

/// <summary>
/// Walks type-length-value attributes padded to four octets (RFC 8489 section 14); stops at one that does not fit.
/// </summary>
public ref struct StunAttributeReader
{
    private readonly ReadOnlySpan<byte> _attributes;
    private int _next;

    internal StunAttributeReader(ReadOnlySpan<byte> attributes) => _attributes = attributes;

    public StunAttributeType Type { get; private set; }

    /// <summary>Without the padding.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where the attribute begins, counted from the end of the message header.</summary>
    public int Offset { get; private set; }

    /// <summary>True when the walk has ended exactly at the end of the attributes.</summary>
    internal readonly bool IsAtEnd => _next == _attributes.Length;

    public bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _attributes[_next..];
        if (rest.Length < StunFormat.AttributeHeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        int padded = (length + 3) & ~3;
        if (padded > rest.Length - StunFormat.AttributeHeaderLength)
        {
            return false;
        }

        Type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(rest);
        Value = rest.Slice(StunFormat.AttributeHeaderLength, length);
        Offset = _next;
        _next += StunFormat.AttributeHeaderLength + padded;
        return true;
    }
}

using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>Source descriptions (RFC 3550 section 6.5). Only CNAME is written; the rest describes people.</summary>
public static class SourceDescription
{
    public const byte CnameItem = 1;

    private const int ItemHeaderLength = 2;

    public static bool TryRead(RtcpPacketView packet, out SourceDescriptionReader items)
    {
        bool isOne = packet.Type == RtcpType.SourceDescription;
        items = isOne ? new SourceDescriptionReader(packet.Body, packet.Count) : default;
        return isOne;
    }

    /// <summary>Writes one chunk with the canonical name of <paramref name="ssrc"/>.</summary>
    /// <param name="cname">UTF-8, at most 255 octets.</param>
    /// <returns>The octets written.</returns>
    public static int WriteCname(Span<byte> destination, uint ssrc, ReadOnlySpan<byte> cname)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cname.Length, byte.MaxValue);
        int items = RtcpFormat.HeaderLength + RtcpFormat.SsrcLength;
        int end = items + ItemHeaderLength + cname.Length;

        // At least one null octet ends the list, and the chunk ends on a word.
        int length = (end + 4) & ~3;
        RtcpFormat.WriteHeader(destination, RtcpType.SourceDescription, 1, length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ssrc);
        destination[items] = CnameItem;
        destination[items + 1] = (byte)cname.Length;
        cname.CopyTo(destination[(items + ItemHeaderLength)..]);
        destination[end..length].Clear();
        return length;
    }
}

/// <summary>Walks the items of all chunks; ends early where an item or a chunk does not fit.</summary>
public ref struct SourceDescriptionReader
{
    private readonly ReadOnlySpan<byte> _body;
    private int _chunksLeft;
    private int _position;
    private bool _inChunk;

    internal SourceDescriptionReader(ReadOnlySpan<byte> body, int chunks)
    {
        _body = body;
        _chunksLeft = chunks;
    }

    public uint Ssrc { get; private set; }

    /// <summary>1 = CNAME; the others are of RFC 3550 section 6.5.</summary>
    public byte Item { get; private set; }

    /// <summary>UTF-8, 0 to 255 octets.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        while (_inChunk || TryEnterChunk())
        {
            if (_position >= _body.Length)
            {
                return false;
            }

            byte item = _body[_position];
            if (item == 0)
            {
                _position = (_position + 4) & ~3;
                _inChunk = false;
                continue;
            }

            int start = _position + 2;
            if (start > _body.Length || _body[_position + 1] > _body.Length - start)
            {
                _position = _body.Length;
                return false;
            }

            Item = item;
            Value = _body.Slice(start, _body[_position + 1]);
            _position = start + Value.Length;
            return true;
        }

        return false;
    }

    private bool TryEnterChunk()
    {
        if (_chunksLeft == 0 || _body.Length - _position < RtcpFormat.SsrcLength)
        {
            return false;
        }

        _chunksLeft--;
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(_body[_position..]);
        _position += RtcpFormat.SsrcLength;
        _inChunk = true;
        return true;
    }
}

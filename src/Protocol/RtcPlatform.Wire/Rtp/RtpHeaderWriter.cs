using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// Writes an RTP header and its RFC 8285 extension block: <see cref="WriteFixed"/>, then <see cref="AddExtension"/> for each
/// element, then <see cref="Finish"/>, each once per packet. Elements go out in the one-byte form; the first one that does
/// not fit it (id over 14, value empty or over 16 octets) turns the block into the two-byte form, because a block has one form
/// only. A destination that is too small is the caller's error and throws.
/// </summary>
public ref struct RtpHeaderWriter
{
    private const int BlockStart = RtpPacket.FixedHeaderLength + 4;

    private readonly Span<byte> _destination;
    private int _position;
    private int _elements;
    private bool _twoByte;

    /// <param name="destination">
    /// At least 12 octets, with extensions 16 + 3 (alignment) + for each element its value and 2.
    /// </param>
    public RtpHeaderWriter(Span<byte> destination)
    {
        _destination = destination;
        _position = BlockStart;
    }

    /// <param name="payloadType">0 to 127.</param>
    /// <param name="padding">The P bit; the caller appends the padding itself.</param>
    public readonly void WriteFixed(
        byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc, bool padding = false)
    {
        Span<byte> header = _destination[..RtpPacket.FixedHeaderLength];
        header[0] = padding ? (byte)0xA0 : (byte)0x80;
        header[1] = (byte)((payloadType & 0x7F) | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], ssrc);
    }

    /// <summary>
    /// Appends an element and returns where its value stands in the destination, for fields patched at the last moment.
    /// </summary>
    /// <param name="id">1 to 255, except 15 in a block that should keep the one-byte form.</param>
    /// <param name="value">0 to 255 octets.</param>
    public int AddExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        if (id == 0 || value.Length > byte.MaxValue)
        {
            ThrowNotAnElement(id, value.Length);
        }

        if (!_twoByte && (id > 14 || (uint)(value.Length - 1) > 15))
        {
            ConvertToTwoByte();
        }

        if (_twoByte)
        {
            _destination[_position++] = id;
            _destination[_position++] = (byte)value.Length;
        }
        else
        {
            _destination[_position++] = (byte)((id << 4) | (value.Length - 1));
        }

        int start = _position;
        value.CopyTo(_destination[start..]);
        _position += value.Length;
        _elements++;
        return start;
    }

    /// <summary>Pads the block to whole words, fills in its length, and returns the length of the header.</summary>
    public int Finish()
    {
        if (_elements == 0)
        {
            return RtpPacket.FixedHeaderLength;
        }

        while ((_position & 3) != 0)
        {
            _destination[_position++] = 0;
        }

        _destination[0] |= 0x10;
        Span<byte> blockHeader = _destination[RtpPacket.FixedHeaderLength..BlockStart];
        BinaryPrimitives.WriteUInt16BigEndian(
            blockHeader, _twoByte ? RtpExtensionReader.TwoByteProfile : RtpExtensionReader.OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(blockHeader[2..], (ushort)((_position - BlockStart) / 4));
        return _position;
    }

    private void ConvertToTwoByte()
    {
        // Each element grows by one octet: moved to the end of the room needed, then rewritten from the front, where the
        // writing never overtakes the reading.
        int read = BlockStart + _elements;
        int write = BlockStart;
        _destination[BlockStart.._position].CopyTo(_destination[read..]);
        for (int element = 0; element < _elements; element++)
        {
            byte head = _destination[read++];
            int length = (head & 0x0F) + 1;
            _destination[write++] = (byte)(head >> 4);
            _destination[write++] = (byte)length;
            _destination.Slice(read, length).CopyTo(_destination[write..]);
            read += length;
            write += length;
        }

        _position = write;
        _twoByte = true;
    }

    [DoesNotReturn]
    private static void ThrowNotAnElement(byte id, int length) =>
        throw new ArgumentOutOfRangeException(nameof(id), $"no extension element has the id {id} and {length} octets");
}

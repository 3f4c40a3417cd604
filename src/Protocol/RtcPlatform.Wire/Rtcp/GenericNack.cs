using System.Buffers.Binary;
using System.Numerics;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>
/// Generic NACK: sequence numbers that did not arrive, each entry one number and a bit mask of the 16 after it (RFC 4585
/// section 6.2.1). Enumerates the numbers.
/// </summary>
public readonly ref struct GenericNack
{
    private const int EntryLength = 4;
    private const int MaskBits = 16;

    private readonly ReadOnlySpan<byte> _entries;

    private GenericNack(uint senderSsrc, uint mediaSsrc, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = senderSsrc;
        MediaSsrc = mediaSsrc;
        _entries = entries;
    }

    public uint SenderSsrc { get; }

    /// <summary>The source whose packets are missed.</summary>
    public uint MediaSsrc { get; }

    public static bool TryRead(RtcpPacketView packet, out GenericNack nack)
    {
        nack = default;
        if (!packet.IsFeedback(RtcpType.TransportFeedback, FeedbackFormat.GenericNack))
        {
            return false;
        }

        ReadOnlySpan<byte> entries = packet.Body[RtcpFormat.FeedbackSourcesLength..];
        nack = new GenericNack(
            BinaryPrimitives.ReadUInt32BigEndian(packet.Body),
            BinaryPrimitives.ReadUInt32BigEndian(packet.Body[4..]),
            entries[..(entries.Length - (entries.Length % EntryLength))]);
        return true;
    }

    /// <summary>
    /// Packs as many of the numbers as fit. Any order is right; the ascending one, across the wrap, packs best.
    /// </summary>
    /// <param name="destination">At least 16 octets; one entry more per 4.</param>
    /// <param name="consumed">
    /// How many of <paramref name="sequenceNumbers"/> were taken; the caller sends the rest in another packet.
    /// </param>
    /// <returns>The octets written, 0 when there was nothing to ask for.</returns>
    public static int Write(
        Span<byte> destination, uint senderSsrc, uint mediaSsrc, ReadOnlySpan<ushort> sequenceNumbers, out int consumed)
    {
        int length = RtcpFormat.HeaderLength + RtcpFormat.FeedbackSourcesLength;
        consumed = 0;
        while (consumed < sequenceNumbers.Length && length + EntryLength <= destination.Length)
        {
            ushort first = sequenceNumbers[consumed++];
            uint mask = 0;
            while (consumed < sequenceNumbers.Length)
            {
                int distance = SeqNum.Distance(sequenceNumbers[consumed], first);
                if (distance is < 0 or > MaskBits)
                {
                    break;
                }

                // The number itself once more adds nothing.
                mask |= distance == 0 ? 0 : 1u << (distance - 1);
                consumed++;
            }

            BinaryPrimitives.WriteUInt32BigEndian(destination[length..], ((uint)first << 16) | mask);
            length += EntryLength;
        }

        if (consumed == 0)
        {
            return 0;
        }

        RtcpFormat.WriteFeedbackHeader(
            destination, RtcpType.TransportFeedback, FeedbackFormat.GenericNack, length, senderSsrc, mediaSsrc);
        return length;
    }

    public Enumerator GetEnumerator() => new(_entries);

    /// <summary>Yields each missing number, in the order of the entries.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _entries;
        private ushort _first;
        private uint _mask;

        internal Enumerator(ReadOnlySpan<byte> entries) => _entries = entries;

        public ushort Current { get; private set; }

        public bool MoveNext()
        {
            if (_mask != 0)
            {
                int bit = BitOperations.TrailingZeroCount(_mask);
                _mask &= _mask - 1;
                Current = (ushort)(_first + bit + 1);
                return true;
            }

            if (_entries.IsEmpty)
            {
                return false;
            }

            _first = BinaryPrimitives.ReadUInt16BigEndian(_entries);
            _mask = BinaryPrimitives.ReadUInt16BigEndian(_entries[2..]);
            _entries = _entries[EntryLength..];
            Current = _first;
            return true;
        }
    }
}

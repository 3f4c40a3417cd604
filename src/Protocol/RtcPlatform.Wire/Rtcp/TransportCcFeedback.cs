using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>What feedback says of one packet.</summary>
/// <param name="Sequence">Its transport-wide sequence number.</param>
/// <param name="Received">False for a packet that did not arrive, or not yet.</param>
/// <param name="ArrivalTicks">
/// When it arrived, on the receiver's clock in units of 250 us; of a lost packet, when the last one before it did.
/// </param>
public readonly record struct TransportCcStatus(ushort Sequence, bool Received, long ArrivalTicks);

/// <summary>
/// Transport-wide feedback: which packets arrived, and when (draft-holmer-rmcat-transport-wide-cc-extensions-01 section
/// 3.1). Enumerates every packet of the range, lost ones too. Reading checks the whole message, so walking it cannot fail.
/// </summary>
public readonly ref struct TransportCcFeedback
{
    private readonly ReadOnlySpan<byte> _chunks;
    private readonly ReadOnlySpan<byte> _deltas;

    private TransportCcFeedback(ReadOnlySpan<byte> body, ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas)
    {
        SenderSsrc = BinaryPrimitives.ReadUInt32BigEndian(body);
        MediaSsrc = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        BaseSequence = BinaryPrimitives.ReadUInt16BigEndian(body[8..]);
        StatusCount = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        uint last = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        ReferenceTime = (int)last >> 8;
        FeedbackCount = (byte)last;
        _chunks = chunks;
        _deltas = deltas;
    }

    public uint SenderSsrc { get; }

    /// <summary>Any source of the transport.</summary>
    public uint MediaSsrc { get; }

    /// <summary>The transport-wide sequence number of the first packet.</summary>
    public ushort BaseSequence { get; }

    /// <summary>How many packets are spoken of.</summary>
    public ushort StatusCount { get; }

    /// <summary>On the receiver's clock, in units of 64 ms; 24 bits signed, wraps every 12 days.</summary>
    public int ReferenceTime { get; }

    /// <summary>Counts the feedback messages modulo 256.</summary>
    public byte FeedbackCount { get; }

    public static bool TryRead(RtcpPacketView packet, out TransportCcFeedback feedback)
    {
        feedback = default;
        ReadOnlySpan<byte> body = packet.Body;
        const int start = RtcpFormat.FeedbackSourcesLength + TransportCcFormat.FixedLength;
        if (!packet.IsFeedback(RtcpType.TransportFeedback, FeedbackFormat.TransportCc) || body.Length < start)
        {
            return false;
        }

        int statuses = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        if (!TryMeasure(body[start..], statuses, out int chunksLength, out int deltasLength))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = body[start..];
        feedback = new TransportCcFeedback(body, rest[..chunksLength], rest.Slice(chunksLength, deltasLength));
        return true;
    }

    public Enumerator GetEnumerator() => new(this);

    private static bool TryMeasure(ReadOnlySpan<byte> rest, int statuses, out int chunksLength, out int deltasLength)
    {
        chunksLength = 0;
        deltasLength = 0;
        int covered = 0;
        while (covered < statuses)
        {
            if (rest.Length - chunksLength < TransportCcFormat.ChunkLength)
            {
                return false;
            }

            var chunk = new StatusChunk(BinaryPrimitives.ReadUInt16BigEndian(rest[chunksLength..]));
            chunksLength += TransportCcFormat.ChunkLength;

            // A run of none would let a short message cost a long walk.
            int length = Math.Min(chunk.Length, statuses - covered);
            if (length == 0)
            {
                return false;
            }

            if (!chunk.TryMeasureDeltas(length, out int octets))
            {
                return false;
            }

            covered += length;
            deltasLength += octets;
        }

        return deltasLength <= rest.Length - chunksLength;
    }

    /// <summary>Walks the packets in the order of their sequence numbers.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _chunks;
        private ReadOnlySpan<byte> _deltas;
        private StatusChunk _chunk;
        private int _indexInChunk;
        private int _left;
        private ushort _next;
            private long _ticks;

        internal Enumerator(TransportCcFeedback feedback)
        {
            _chunks = feedback._chunks;
            _deltas = feedback._deltas;
            _left = feedback.StatusCount;
            _next = feedback.BaseSequence;
            _ticks = (long)feedback.ReferenceTime * TransportCcFormat.TicksPerReferenceUnit;
        }

        public TransportCcStatus Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            if (_indexInChunk == _chunk.Length)
            {
                _chunk = new StatusChunk(BinaryPrimitives.ReadUInt16BigEndian(_chunks));
                _chunks = _chunks[TransportCcFormat.ChunkLength..];
                _indexInChunk = 0;
            }

            int symbol = _chunk[_indexInChunk++];
            if (symbol == TransportCcFormat.SmallDelta)
            {
                _ticks += _deltas[0];
                _deltas = _deltas[1..];
            }
            else if (symbol == TransportCcFormat.LargeDelta)
            {
                _ticks += BinaryPrimitives.ReadInt16BigEndian(_deltas);
                _deltas = _deltas[2..];
            }

            Current = new TransportCcStatus(_next++, symbol != TransportCcFormat.NotReceived, _ticks);
            _left--;
            return true;
        }
    }

    /// <summary>One packet status chunk: a run of equal symbols, or a vector of 14 one-bit or 7 two-bit ones.</summary>
    private readonly struct StatusChunk(ushort bits)
    {
        public int Length => !IsVector
            ? bits & TransportCcFormat.MaxRunLength
            : IsTwoBit ? TransportCcFormat.TwoBitSymbols : TransportCcFormat.OneBitSymbols;

        private bool IsVector => (bits & 0x8000) != 0;

        private bool IsTwoBit => (bits & 0x4000) != 0;

        public int this[int index] => !IsVector
            ? (bits >> 13) & 3
            : IsTwoBit ? (bits >> (12 - (2 * index))) & 3 : (bits >> (13 - index)) & 1;

        /// <summary>Octets of the deltas that the first symbols have; false when one of them is the reserved symbol.</summary>
        public bool TryMeasureDeltas(int symbols, out int octets)
        {
            octets = 0;
            if (!IsVector)
            {
                octets = this[0] * symbols;
                return this[0] <= TransportCcFormat.LargeDelta;
            }

            for (int index = 0; index < symbols; index++)
            {
                if (this[index] > TransportCcFormat.LargeDelta)
                {
                    return false;
                }

                octets += this[index];
            }

            return true;
        }
    }
}

using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>When a packet with a transport-wide sequence number arrived.</summary>
public readonly record struct TransportCcArrival(ushort Sequence, MonoTime At);

/// <summary>Writes transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).</summary>
public static class TransportCcFeedbackWriter
{
    private const int ChunksStart = RtcpFormat.HeaderLength + RtcpFormat.FeedbackSourcesLength + TransportCcFormat.FixedLength;

    /// <summary>
    /// Room that one more arrival may need at most: chunks pending in the packer, the runs of a gap of half the circle, the
    /// arrival's own chunk and delta, and the alignment.
    /// </summary>
    private const int Reserve = (8 * TransportCcFormat.ChunkLength) + sizeof(short) + 3;

    /// <summary>
    /// Reports as many arrivals as fit, and every packet missing between <paramref name="baseSequence"/> and the last of them.
    /// Stops early, for another message, at the end of the room, where times are more than 8 s apart, or at a sequence number
    /// that is not newer than the one before it.
    /// </summary>
    /// <param name="destination">At least 64 octets; a message of 100 arrivals takes about 150.</param>
    /// <param name="feedbackCount">Counts the messages modulo 256.</param>
    /// <param name="baseSequence">The first packet not yet reported on; not newer than the first arrival.</param>
    /// <param name="arrivals">Ascending by sequence number, across the wrap. The times need not ascend.</param>
    /// <param name="consumed">How many arrivals were taken.</param>
    /// <returns>The octets written, 0 when no arrival could be taken.</returns>
    public static int Write(
        Span<byte> destination,
        uint senderSsrc,
        uint mediaSsrc,
        byte feedbackCount,
        ushort baseSequence,
        ReadOnlySpan<TransportCcArrival> arrivals,
        out int consumed)
    {
        consumed = 0;
        if (arrivals.IsEmpty)
        {
            return 0;
        }

        long reference = Ticks(arrivals[0]) / TransportCcFormat.TicksPerReferenceUnit;
        long referenceTicks = reference * TransportCcFormat.TicksPerReferenceUnit;
        var packer = new TransportCcChunkPacker(destination[ChunksStart..]);
        consumed = PackStatuses(ref packer, destination.Length, baseSequence, arrivals, referenceTicks, out int statuses);
        if (consumed == 0)
        {
            return 0;
        }

        int length = ChunksStart + packer.Finish();
        length += WriteDeltas(destination[length..], arrivals[..consumed], referenceTicks);
        int padded = (length + 3) & ~3;
        destination[length..padded].Clear();

        RtcpFormat.WriteFeedbackHeader(
            destination, RtcpType.TransportFeedback, FeedbackFormat.TransportCc, padded, senderSsrc, mediaSsrc);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], baseSequence);
        BinaryPrimitives.WriteUInt16BigEndian(destination[14..], (ushort)statuses);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], ((uint)reference << 8) | feedbackCount);
        return padded;
    }

    private static int PackStatuses(
        ref TransportCcChunkPacker packer,
        int capacity,
        ushort baseSequence,
        ReadOnlySpan<TransportCcArrival> arrivals,
        long referenceTicks,
        out int statuses)
    {
        long previous = referenceTicks;
        int deltas = 0;
        statuses = 0;
        for (int index = 0; index < arrivals.Length; index++)
        {
            int missing = SeqNum.Distance(arrivals[index].Sequence, (ushort)(baseSequence + statuses));
            long ticks = Ticks(arrivals[index]);
            long delta = ticks - previous;
            if (missing < 0
                || statuses + missing >= ushort.MaxValue
                || delta is < short.MinValue or > short.MaxValue
                || ChunksStart + packer.Length + deltas + Reserve > capacity)
            {
                return index;
            }

            int symbol = delta is >= 0 and <= byte.MaxValue ? TransportCcFormat.SmallDelta : TransportCcFormat.LargeDelta;
            packer.Add(TransportCcFormat.NotReceived, missing);
            packer.Add(symbol, 1);
            statuses += missing + 1;
            deltas += symbol;
            previous = ticks;
        }

        return arrivals.Length;
    }

    private static int WriteDeltas(Span<byte> destination, ReadOnlySpan<TransportCcArrival> arrivals, long referenceTicks)
    {
        long previous = referenceTicks;
        int length = 0;
        foreach (TransportCcArrival arrival in arrivals)
        {
            // Differences of rounded times, so that the rounding does not add up.
            long ticks = Ticks(arrival);
            long delta = ticks - previous;
            if (delta is >= 0 and <= byte.MaxValue)
            {
                destination[length++] = (byte)delta;
            }
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(destination[length..], (short)delta);
                length += sizeof(short);
            }

            previous = ticks;
        }

        return length;
    }

    private static long Ticks(TransportCcArrival arrival) => arrival.At.Nanoseconds / TransportCcFormat.NanosecondsPerTick;
}

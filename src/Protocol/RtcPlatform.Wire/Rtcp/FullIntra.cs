using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>One entry of a full intra request.</summary>
/// <param name="Ssrc">The source asked for a key frame.</param>
/// <param name="CommandSequence">Counts new requests modulo 256; a repetition keeps its number.</param>
public readonly record struct FullIntraEntry(uint Ssrc, byte CommandSequence);

/// <summary>
/// FIR: a command to send a key frame (RFC 5104 section 4.3.1). The media source of its header is unused and 0; the sources
/// stand in the entries.
/// </summary>
public readonly ref struct FullIntra
{
    private const int EntryLength = 8;

    private readonly ReadOnlySpan<byte> _entries;

    private FullIntra(uint senderSsrc, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = senderSsrc;
        _entries = entries;
    }

    public uint SenderSsrc { get; }

    public int Count => _entries.Length / EntryLength;

    public FullIntraEntry this[int index]
    {
        get
        {
            ReadOnlySpan<byte> entry = _entries.Slice(index * EntryLength, EntryLength);
            return new FullIntraEntry(BinaryPrimitives.ReadUInt32BigEndian(entry), entry[4]);
        }
    }

    public static bool TryRead(RtcpPacketView packet, out FullIntra request)
    {
        bool isOne = packet.IsFeedback(RtcpType.PayloadFeedback, FeedbackFormat.FullIntra);
        request = isOne
            ? new FullIntra(BinaryPrimitives.ReadUInt32BigEndian(packet.Body), packet.Body[RtcpFormat.FeedbackSourcesLength..])
            : default;
        return isOne;
    }

    /// <returns>The octets written.</returns>
    public static int Write(Span<byte> destination, uint senderSsrc, FullIntraEntry entry)
    {
        const int length = RtcpFormat.HeaderLength + RtcpFormat.FeedbackSourcesLength + EntryLength;
        RtcpFormat.WriteFeedbackHeader(
            destination, RtcpType.PayloadFeedback, FeedbackFormat.FullIntra, length, senderSsrc, mediaSsrc: 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], entry.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], (uint)entry.CommandSequence << 24);
        return length;
    }
}

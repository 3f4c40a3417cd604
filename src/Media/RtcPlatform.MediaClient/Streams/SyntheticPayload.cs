using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>Who sent a packet, which of its stream it is, and when it left.</summary>
/// <param name="Room">Index of the room in a run of many; 0 when there is one call.</param>
/// <param name="Publisher">Index of the publisher in its room; likewise.</param>
/// <param name="Number">Rises by one with each packet of the stream; does not wrap.</param>
/// <param name="SentAt">
/// Nanoseconds on the sender's clock, the one that the receiver compares with: since 1970, or monotonic in one process.
/// </param>
internal readonly record struct PacketStamp(uint Room, ushort Publisher, MediaKind Kind, uint Number, long SentAt);

/// <summary>
/// What our packets carry instead of media: a mark, the <see cref="PacketStamp"/>, filler that follows from its number, and a
/// checksum over all of it. Big-endian.
/// </summary>
internal static class SyntheticPayload
{
    /// <summary>Octets without filler.</summary>
    public const int MinimumLength = 28;

    private const uint Mark = 0x5254_434C;
    private const int FillerAt = 24;
    private const int ChecksumLength = 4;

    /// <summary>Fills the whole of <paramref name="destination"/>, <see cref="MinimumLength"/> octets or more.</summary>
    public static void Write(Span<byte> destination, in PacketStamp stamp)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], stamp.Room);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], stamp.Publisher);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], (ushort)stamp.Kind);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], stamp.Number);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], stamp.SentAt);
        Span<byte> filler = destination[FillerAt..^ChecksumLength];
        filler.Fill((byte)stamp.Number);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(filler);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = (stamp.Number + (ulong)i) * 0x9E37_79B9_7F4A_7C15;
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination[^ChecksumLength..], LaneChecksum.Compute(destination[..^ChecksumLength]));
    }

    /// <summary>False when it is damaged, or not ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out PacketStamp stamp)
    {
        if (payload.Length < MinimumLength
            || BinaryPrimitives.ReadUInt32BigEndian(payload) != Mark
            || BinaryPrimitives.ReadUInt32BigEndian(payload[^ChecksumLength..]) != LaneChecksum.Compute(payload[..^ChecksumLength]))
        {
            stamp = default;
            return false;
        }

        stamp = new PacketStamp(
            BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(payload[8..]),
            (MediaKind)BinaryPrimitives.ReadUInt16BigEndian(payload[10..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[12..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[16..]));
        return true;
    }
}

using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>
/// What our packets carry instead of media: a mark, the packet's number in its stream, when it was sent, filler that
/// follows from the number, and a CRC-32 over all of it.
/// </summary>
internal static class TestPayload
{
    /// <summary>Octets without filler.</summary>
    public const int MinimumLength = 4 + 4 + 8 + 4;

    private const uint Mark = 0x5254_4354;

    /// <summary>Fills the whole of <paramref name="destination"/>, <see cref="MinimumLength"/> octets or more.</summary>
    public static void Write(Span<byte> destination, uint number, MonoTime sentAt)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], number);
        BinaryPrimitives.WriteInt64BigEndian(destination[8..], sentAt.Nanoseconds);
        Span<byte> filler = destination[16..^4];
        for (int i = 0; i < filler.Length; i++)
        {
            filler[i] = (byte)(number + i);
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination[^4..], Crc32.Compute(destination[..^4]));
    }

    /// <summary>False when it is damaged, or not ours.</summary>
    /// <param name="sentAt">On the sender's clock: comparable on the same machine only.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out uint number, out MonoTime sentAt)
    {
        if (payload.Length < MinimumLength
            || BinaryPrimitives.ReadUInt32BigEndian(payload) != Mark
            || BinaryPrimitives.ReadUInt32BigEndian(payload[^4..]) != Crc32.Compute(payload[..^4]))
        {
            number = 0;
            sentAt = default;
            return false;
        }

        number = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
        sentAt = new MonoTime(BinaryPrimitives.ReadInt64BigEndian(payload[8..]));
        return true;
    }
}

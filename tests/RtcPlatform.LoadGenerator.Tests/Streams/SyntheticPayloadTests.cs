using FsCheck;
using FsCheck.Fluent;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Tests.Streams;

public sealed class SyntheticPayloadTests
{
    private const int LongestFiller = 1200;

    [Fact]
    public void What_was_written_is_read_at_every_length() =>
        Prop.ForAll((uint room, uint number, long sentAt) =>
        {
            var stamp = new PacketStamp(room, (ushort)~room, number % 2 == 0 ? MediaKind.Audio : MediaKind.Video, number, sentAt);
            byte[] payload = Written(stamp, (ushort)sentAt);
            return SyntheticPayload.TryRead(payload, out PacketStamp read) && read == stamp;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_flipped_bit_is_seen() =>
        Prop.ForAll((uint number, ushort filler, int where) =>
        {
            byte[] payload = Written(new PacketStamp(1, 2, MediaKind.Video, number, 3), filler);
            int bit = (int)((uint)where % (payload.Length * 8));
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            return !SyntheticPayload.TryRead(payload, out _);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_bit_of_one_payload_is_watched_and_every_shorter_one_is_refused()
    {
        byte[] payload = Written(new PacketStamp(7, 1, MediaKind.Audio, 99, -5), 72);
        for (int bit = 0; bit < payload.Length * 8; bit++)
        {
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SyntheticPayload.TryRead(payload, out _), $"bit {bit}");
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int length = 0; length < payload.Length; length++)
        {
            Assert.False(SyntheticPayload.TryRead(payload.AsSpan(0, length), out _), $"{length} octets");
        }

        Assert.True(SyntheticPayload.TryRead(payload, out _));
    }

    [Fact]
    public void Neither_zeros_nor_another_programs_octets_are_taken_for_ours() =>
        Prop.ForAll((byte[] octets) =>
            !SyntheticPayload.TryRead(octets, out _) && !SyntheticPayload.TryRead(new byte[octets.Length], out _))
            .QuickCheckThrowOnFailure();

    private static byte[] Written(PacketStamp stamp, ushort filler)
    {
        byte[] payload = new byte[SyntheticPayload.MinimumLength + (filler % LongestFiller)];
        SyntheticPayload.Write(payload, stamp);
        return payload;
    }
}

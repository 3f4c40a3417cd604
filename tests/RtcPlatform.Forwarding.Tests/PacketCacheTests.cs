using RtcPlatform.Forwarding.Caching;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Tests;

public sealed class PacketCacheTests
{
    [Fact]
    public void A_packet_comes_back_as_it_was_stored()
    {
        PacketCache cache = PacketCache.For(MediaKind.Video);
        CachedPacket packet = default;
        packet.Timestamp = 77;
        packet.Marker = true;
        packet.Codec = RecordedRoom.Vp8;
        packet.Payload = "payload"u8;
        packet.Extensions.AudioLevel = "a"u8;
        packet.Extensions.PlayoutDelay = "pla"u8;
        packet.Extensions.DependencyDescriptor = "descriptor"u8;
        Assert.True(cache.TryStore(70_000, packet, out _));

        Assert.Equal(CacheResult.Found, cache.Find(70_000, out CachedPacket found));
        Assert.Equal((77U, true), (found.Timestamp, found.Marker));
        Assert.Same(RecordedRoom.Vp8, found.Codec);
        Assert.True(found.Payload.SequenceEqual("payload"u8));
        Assert.True(found.Extensions.AudioLevel.SequenceEqual("a"u8));
        Assert.True(found.Extensions.VideoOrientation.IsEmpty);
        Assert.True(found.Extensions.PlayoutDelay.SequenceEqual("pla"u8));
        Assert.True(found.Extensions.DependencyDescriptor.SequenceEqual("descriptor"u8));
    }

    [Fact]
    public void A_duplicate_is_refused()
    {
        PacketCache cache = PacketCache.For(MediaKind.Audio);
        Assert.True(Store(cache, 5, 100));
        Assert.False(Store(cache, 5, 100));
    }

    [Fact]
    public void What_was_overwritten_is_told_from_what_never_came()
    {
        PacketCache cache = PacketCache.For(MediaKind.Audio);
        for (ulong sequence = 0; sequence < 600; sequence++)
        {
            if (sequence != 590)
            {
                Store(cache, sequence, 50);
            }
        }

        Assert.Equal(CacheResult.Evicted, cache.Find(10, out _));
        Assert.Equal(CacheResult.NeverArrived, cache.Find(590, out _));
        Assert.Equal(CacheResult.NeverArrived, cache.Find(700, out _));
        Assert.Equal(CacheResult.Found, cache.Find(599 - 255, out _));
        Assert.False(Store(cache, 599 - 256, 50));
    }

    [Fact]
    public void Every_packet_is_intact_or_gone_whatever_the_sizes()
    {
        var random = new Random(20_26);
        PacketCache cache = PacketCache.For(MediaKind.Video);
        int found = 0;
        for (ulong sequence = 0; sequence < 20_000; sequence++)
        {
            Store(cache, sequence, random.Next(0, 1_400));
            ulong asked = sequence - Math.Min(sequence, (ulong)random.Next(0, 1_200));
            if (cache.Find(asked, out CachedPacket packet) == CacheResult.Found)
            {
                found++;
                Assert.Equal((uint)asked, packet.Timestamp);
                Assert.True(packet.Payload.IndexOfAnyExcept((byte)asked) < 0, $"packet {asked} was overwritten");
            }
        }

        Assert.InRange(found, 15_000, 20_000);
    }

    private static bool Store(PacketCache cache, ulong sequence, int length)
    {
        Span<byte> payload = stackalloc byte[length];
        payload.Fill((byte)sequence);
        scoped CachedPacket packet = default;
        packet.Timestamp = (uint)sequence;
        packet.Codec = RecordedRoom.Opus;
        packet.Payload = payload;
        return cache.TryStore(sequence, packet, out _);
    }
}

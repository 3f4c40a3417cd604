using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Tests.Sending;

public sealed class SentRingTests
{
    private static readonly MonoTime Now = MonoTime.FromMilliseconds(1_000);

    [Fact]
    public void Of_the_last_512_packets_each_is_found_again()
    {
        var ring = new SentRing();
        Assert.False(ring.TryTake(Now, 0, out _));
        for (int i = 0; i < 70_000; i++)
        {
            ring.Add(Packet(i));
        }

        Assert.True(ring.TryTake(Now, unchecked((ushort)(70_000 - 512)), out SentPacket oldest));
        Assert.Equal(70_000u - 512, oldest.Number);
        Assert.False(ring.TryTake(Now, unchecked((ushort)(70_000 - 513)), out _));
    }

    [Fact]
    public void What_was_just_sent_again_is_not_sent_once_more()
    {
        var ring = new SentRing();
        ring.Add(Packet(5));
        Assert.True(ring.TryTake(Now, 5, out _));
        Assert.False(ring.TryTake(Now + (SentRing.AnswerInterval / 2), 5, out _));
        Assert.True(ring.TryTake(Now + SentRing.AnswerInterval, 5, out _));
    }

    [Fact]
    public void A_new_packet_in_the_same_place_is_answered_at_once()
    {
        var ring = new SentRing();
        ring.Add(Packet(5));
        Assert.True(ring.TryTake(Now, 5, out _));
        ring.Add(Packet(5 + 512));
        Assert.True(ring.TryTake(Now, 5 + 512, out _));
    }

    private static SentPacket Packet(int number) => new((ushort)number, (uint)number, 0, 0, 100, true, false, true, 0);
}

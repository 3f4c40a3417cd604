using RtcPlatform.Forwarding.Munging;

namespace RtcPlatform.Forwarding.Tests;

public sealed class SequenceMungerTests
{
    private readonly object _low = new();
    private readonly object _high = new();

    [Fact]
    public void A_run_keeps_the_gaps_of_the_publisher()
    {
        var munger = new SequenceMunger(100);
        munger.Open(_low, 70_000, 0);
        Assert.Equal(100UL, Map(ref munger, _low, 70_000));
        Assert.Equal(103UL, Map(ref munger, _low, 70_003));
        Assert.Equal(101UL, Map(ref munger, _low, 70_001));
        Assert.Equal(104UL, munger.Next);
    }

    [Fact]
    public void What_is_withheld_leaves_no_gap()
    {
        var munger = new SequenceMunger(0);
        munger.Open(_low, 10, 0);
        Assert.Equal(0UL, Map(ref munger, _low, 10));
        Assert.Equal(1UL, Map(ref munger, _low, 11));
        munger.Close();
        munger.Open(_low, 500, 0);
        Assert.Equal(2UL, Map(ref munger, _low, 500));
    }

    [Fact]
    public void A_late_packet_of_an_earlier_run_keeps_its_number()
    {
        var munger = new SequenceMunger(0);
        munger.Open(_low, 10, 5);
        Assert.Equal(0UL, Map(ref munger, _low, 10));
        Assert.Equal(2UL, Map(ref munger, _low, 12));
        munger.Open(_high, 900, 77);
        Assert.Equal(3UL, Map(ref munger, _high, 900));
        Assert.True(munger.TryMap(_low, 11, out ulong late, out uint offset));
        Assert.Equal((1UL, 5U), (late, offset));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(899)]
    public void Packets_outside_every_run_are_refused(ulong incoming)
    {
        var munger = new SequenceMunger(0);
        munger.Open(_low, 10, 0);
        Map(ref munger, _low, 10);
        Map(ref munger, _low, 12);
        munger.Close();
        munger.Open(_low, 900, 0);
        Assert.False(munger.TryMap(_low, incoming, out _, out _));
    }

    [Fact]
    public void Numbers_are_found_back_in_every_kept_run()
    {
        var munger = new SequenceMunger(32_767);
        for (ulong run = 0; run < 40; run++)
        {
            munger.Open(_low, run * 1_000, (uint)run);
            Map(ref munger, _low, run * 1_000);
            Map(ref munger, _low, run * 1_000 + 4);
        }

        for (ulong run = 40 - SequenceMunger.Kept; run < 40; run++)
        {
            Assert.True(munger.TryFind(32_767 + run * 5 + 3, out object? source, out ulong incoming, out uint offset));
            Assert.Equal((run * 1_000 + 3, (uint)run), (incoming, offset));
            Assert.Same(_low, source);
        }

        Assert.False(munger.TryFind(32_767, out _, out _, out _));
        Assert.False(munger.TryFind(munger.Next, out _, out _, out _));
    }

    [Theory]
    [InlineData(65_530, 65_530UL)]
    [InlineData(3, 65_539UL)]
    [InlineData(40_000, 40_000UL)]
    public void Sixteen_bits_are_extended_around_the_highest(ushort sequence, ulong expected)
    {
        var munger = new SequenceMunger(0);
        munger.Open(_low, 0, 0);
        Map(ref munger, _low, 65_537);
        Assert.Equal(expected, munger.Extend(sequence));
    }

    [Fact]
    public void A_forgotten_source_is_not_found_and_numbers_go_on()
    {
        var munger = new SequenceMunger(0);
        munger.Open(_low, 10, 0);
        Map(ref munger, _low, 10);
        munger.Forget(_low);
        Assert.False(munger.IsOpen);
        Assert.False(munger.TryFind(0, out _, out _, out _));
        munger.Open(_low, 3, 0);
        Assert.Equal(1UL, Map(ref munger, _low, 3));
    }

    private static ulong Map(ref SequenceMunger munger, object source, ulong incoming)
    {
        Assert.True(munger.TryMap(source, incoming, out ulong outgoing, out _));
        return outgoing;
    }
}

using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Tests.Numbers;

public class NumberTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0, 65535, 1)]
    [InlineData(65535, 0, -1)]
    [InlineData(5, 5, 0)]
    [InlineData(32767, 0, 32767)]
    [InlineData(32768, 0, -32768)]
    [InlineData(10, 65000, 546)]
    public void Distance_goes_the_shorter_way_round(int a, int b, int expected)
    {
        Assert.Equal(expected, SeqNum.Distance((ushort)a, (ushort)b));
        Assert.Equal(expected > 0, SeqNum.IsNewer((ushort)a, (ushort)b));
    }

    [Fact]
    public void Packets_overtaken_by_the_first_do_not_underflow()
    {
        var extender = default(SequenceExtender);
        Assert.Equal(0x1_0000UL, extender.Extend(0));
        Assert.Equal(0x0_FFFFUL, extender.Extend(0xFFFF));
        Assert.Equal(0x1_0001UL, extender.Extend(1));
        Assert.Equal(0x1_0001UL, extender.Highest);
    }

    [Fact]
    public void Peeking_does_not_move_the_cycle()
    {
        var extender = default(SequenceExtender);
        extender.Extend(60_000);
        Assert.Equal(0x2_0000UL + 10, extender.Peek(10));
        Assert.Equal(0x1_0000UL + 60_000, extender.Highest);
    }

    [Fact]
    public void Extended_numbers_follow_a_long_reordered_stream_exactly()
    {
        var random = new Random(7);
        var extender = default(SequenceExtender);
        extender.Extend(0);
        for (ulong sent = 0x1_0001; sent < 0x8_0000; sent += (ulong)random.Next(1, 50))
        {
            ulong reordered = sent - (ulong)random.Next(0, 1000);
            Assert.Equal(reordered, extender.Extend((ushort)reordered));
            Assert.Equal(sent, extender.Extend((ushort)sent));
        }
    }

    [Theory]
    [InlineData(0, 0x83AA7E80_00000000)]
    [InlineData(500_000_000, 0x83AA7E80_80000000)]
    [InlineData(-1_000_000_000, 0x83AA7E7F_00000000)]
    [InlineData(-500_000_000, 0x83AA7E7F_80000000)]
    public void Ntp_time_counts_from_1900(long unixNanoseconds, ulong expected)
    {
        var time = NtpTime.FromUnixNanoseconds(unixNanoseconds);
        Assert.Equal(expected, time.Value);
        Assert.Equal((uint)(expected >> 16), time.Compact);
        Assert.Equal(unixNanoseconds, time.ToUnixNanoseconds());
    }

    [Theory]
    [InlineData(1_763_642_568_123_456_789)]
    [InlineData(2_085_978_495_999_999_999)] // The last nanosecond before the seconds wrap in 2036.
    [InlineData(2_085_978_496_000_000_000)]
    [InlineData(2_200_000_000_999_999_999)]
    public void Ntp_time_survives_the_way_there_and_back_also_past_2036(long unixNanoseconds) =>
        Assert.Equal(unixNanoseconds, NtpTime.FromUnixNanoseconds(unixNanoseconds).ToUnixNanoseconds());

    [Theory]
    [InlineData(1000, 65536u)]
    [InlineData(-5, 0u)]
    [InlineData(70_000_000, uint.MaxValue)]
    public void Compact_spans_count_65536ths_of_a_second(long milliseconds, uint expected) =>
        Assert.Equal(expected, NtpTime.ToCompactSpan(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Crc_has_the_check_value_of_its_definition() => Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 25)]
    [InlineData(25, 25)]
    [InlineData(26, 50)]
    public void A_time_moves_to_the_next_instant_of_a_grid(long milliseconds, long expected) =>
        Assert.Equal(MonoTime.FromMilliseconds(expected), MonoTime.FromMilliseconds(milliseconds).OnGrid(TimeSpan.FromMilliseconds(25)));
}

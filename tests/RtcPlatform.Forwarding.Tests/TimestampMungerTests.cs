using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Forwarding.Tests;

public sealed class TimestampMungerTests
{
    private static readonly object Low = new();
    private static readonly object High = new();

    [Fact]
    public void The_same_source_keeps_its_clock_over_a_pause()
    {
        TimestampMunger munger = default;
        Assert.Equal(0U, munger.Start(At(0), Low, default, 5_000, 90_000));
        munger.Sent(At(0), 5_000);
        Assert.Equal(0U, munger.Start(At(30_000), Low, default, 5_000 + 30_000 * 90, 90_000));
    }

    [Fact]
    public void Another_source_without_reports_continues_by_the_time_between_packets()
    {
        TimestampMunger munger = default;
        munger.Start(At(0), Low, default, 5_000, 90_000);
        munger.Sent(At(0), 5_000);
        uint offset = munger.Start(At(40), High, default, 3_000_000_000, 90_000);
        Assert.Equal(5_000U + 40 * 90, unchecked(3_000_000_000 + offset));
    }

    [Fact]
    public void Another_source_with_reports_is_aligned_exactly()
    {
        const ulong Second = 1UL << 32;
        TimestampMunger munger = default;
        munger.Start(At(0), Low, new ClockReference(100 * Second, 1_000_000), 1_000_000, 90_000);
        munger.Sent(At(0), 1_000_000);

        // The other layer's clock read 77 at second 99, so it is 90,077 when the first one is 1,000,000.
        uint offset = munger.Start(At(35), High, new ClockReference(99 * Second, 77), 90_077 + 3_000, 90_000);
        Assert.Equal(1_003_000U, unchecked(90_077 + 3_000 + offset));
    }

    [Fact]
    public void A_report_that_would_turn_the_clock_back_is_not_believed()
    {
        const ulong Second = 1UL << 32;
        TimestampMunger munger = default;
        munger.Start(At(0), Low, new ClockReference(100 * Second, 1_000_000), 1_000_000, 90_000);
        munger.Sent(At(0), 1_000_000);
        uint offset = munger.Start(At(20), High, new ClockReference(500 * Second, 77), 77, 90_000);
        Assert.Equal(1_000_000U + 20 * 90, unchecked(77 + offset));
    }

    [Fact]
    public void The_clock_moves_at_least_one_tick_and_over_the_wrap()
    {
        TimestampMunger munger = default;
        munger.Start(At(0), Low, default, uint.MaxValue, 90_000);
        munger.Sent(At(0), uint.MaxValue);
        uint offset = munger.Start(At(0), High, default, 10, 90_000);
        Assert.Equal(0U, unchecked(10 + offset));
    }

    [Theory]
    [InlineData(0, 0, 1_000U)]
    [InlineData(1, 0, 91_000U)]
    [InlineData(-1, 0, unchecked(1_000U - 90_000U))]
    [InlineData(0, 0x8000_0000U, 46_000U)]
    public void A_reference_tells_the_media_clock_at_another_moment(int seconds, uint fraction, uint expected)
    {
        ulong origin = 3_900_000_000UL << 32;
        var reference = new ClockReference(origin, 1_000);
        Assert.Equal(expected, reference.RtpAt(origin + ((ulong)seconds << 32) + fraction, 90_000));
    }

    private static MonoTime At(long milliseconds) => MonoTime.FromMilliseconds(10_000 + milliseconds);
}

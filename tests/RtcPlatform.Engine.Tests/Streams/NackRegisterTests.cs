using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Tests.Streams;

public sealed class NackRegisterTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(40);

    private readonly NackRegister _register = new();
    private readonly ushort[] _asked = new ushort[128];

    [Fact]
    public void A_gap_is_asked_for_after_the_reorder_tolerance()
    {
        Receive(10, 0);
        Receive(13, 5);
        Assert.Equal(MonoTime.FromMilliseconds(15), _register.NextDue);
        Assert.Empty(Collect(14));
        Assert.Equal([11, 12], Collect(15));
    }

    [Fact]
    public void A_late_packet_is_not_asked_for()
    {
        Receive(10, 0);
        Receive(12, 5);
        Receive(11, 9);
        Assert.Empty(Collect(15));
        Assert.Equal(MonoTime.Never, _register.NextDue);
    }

    [Fact]
    public void Packets_missing_between_an_overtaken_first_and_the_rest_are_asked_for()
    {
        Receive(14, 0);
        Receive(16, 0);
        Receive(10, 1);
        Receive(12, 2);
        Assert.Equal([11, 13, 15], Collect(20));
    }

    [Fact]
    public void A_packet_is_asked_for_ten_times_with_growing_spacing_then_given_up()
    {
        Receive(1, 0);
        Receive(3, 0);
        var times = new List<long>();
        for (int millisecond = 0; millisecond < 5000; millisecond++)
        {
            if (Collect(millisecond).Length > 0)
            {
                times.Add(millisecond);
            }
        }

        Assert.Equal(NackRegister.LongestRetries, times.Count);
        long[] spacings = [.. times.Zip(times.Skip(1), (left, right) => right - left)];
        Assert.Equal(40, spacings[0]);
        Assert.Equal(spacings.Order(), spacings);
        Assert.Equal(1UL, _register.GivenUp);
        Assert.Equal(0, _register.Count);
    }

    [Fact]
    public void The_round_trip_is_told_only_when_it_is_unambiguous()
    {
        Receive(1, 0);
        Receive(4, 0);
        Collect(10);
        Assert.Equal(TimeSpan.FromMilliseconds(25), Receive(2, 35));
        Collect(60);
        Assert.Equal(TimeSpan.Zero, Receive(3, 80));
    }

    [Fact]
    public void A_gap_too_wide_to_repair_is_a_new_beginning()
    {
        Receive(1, 0);
        Receive(3, 0);
        Receive(5000, 1);
        Assert.Equal(0, _register.Count);
        Assert.Equal(1UL, _register.GivenUp);
    }

    [Fact]
    public void Endless_loss_stays_bounded()
    {
        for (ulong sequence = 0; sequence < 100_000; sequence += 200)
        {
            Receive(sequence, (long)sequence);
            Assert.InRange(_register.Count, 0, 512);
        }
    }

    private TimeSpan Receive(ulong sequence, long milliseconds)
    {
        _register.Received(sequence, MonoTime.FromMilliseconds(milliseconds), out TimeSpan roundTrip);
        return roundTrip;
    }

    private ushort[] Collect(long milliseconds) =>
        _asked[.._register.CollectDue(MonoTime.FromMilliseconds(milliseconds), RoundTrip, _asked)];
}

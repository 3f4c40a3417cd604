using FsCheck;
using FsCheck.Fluent;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sending;

namespace RtcPlatform.LoadGenerator.Tests.Sending;

public sealed class FramePlanTests
{
    [Fact]
    public void The_packets_are_the_frame_and_none_is_too_large() =>
        Prop.ForAll((ushort octets, ushort largest) =>
        {
            int most = 48 + (largest % 1153);
            FramePlan plan = FramePlan.Of(octets + 1, most);
            int[] sizes = [.. Enumerable.Range(0, plan.Packets).Select(plan.Size)];
            return sizes.Sum() == octets + 1 && sizes.Max() <= most && sizes.Max() - sizes.Min() <= 1 && sizes.SequenceEqual(sizes.Order());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Packets_leave_in_order_and_before_the_next_frame() =>
        Prop.ForAll((ushort count, byte rate) =>
        {
            var plan = new FramePlan(100_000, 1 + (count % 500));
            TimeSpan interval = TimeSpan.FromSeconds(1) / (1 + (rate % 120));
            TimeSpan[] offsets = [.. Enumerable.Range(0, plan.Packets).Select(i => plan.Offset(i, Pacing.Spread, interval))];
            return offsets[0] == TimeSpan.Zero && offsets.SequenceEqual(offsets.Order()) && offsets[^1] < interval;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_small_frame_leaves_two_or_three_packets_each_5_ms()
    {
        var plan = new FramePlan(9_000, 9);
        double[] offsets = [.. Enumerable.Range(0, 9).Select(i => plan.Offset(i, Pacing.Spread, TimeSpan.FromMilliseconds(33.3)).TotalMilliseconds)];

        Assert.Equal([0, 0, 0, 5, 5, 10, 10, 10, 15], offsets);
    }

    [Fact]
    public void A_burst_leaves_at_once()
    {
        var plan = new FramePlan(9_000, 9);

        Assert.All(Enumerable.Range(0, 9), i => Assert.Equal(TimeSpan.Zero, plan.Offset(i, Pacing.Burst, TimeSpan.FromMilliseconds(33))));
    }
}

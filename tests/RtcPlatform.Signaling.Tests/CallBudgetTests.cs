using RtcPlatform.Signaling.Connections;

namespace RtcPlatform.Signaling.Tests;

public sealed class CallBudgetTests
{
    private static readonly long Second = TimeProvider.System.TimestampFrequency;

    [Fact]
    public void A_burst_passes_and_then_the_rate()
    {
        CallBudget budget = new(perSecond: 50, burst: 200, now: 0);

        Assert.Equal(200, TakeAll(budget, at: 0));
        Assert.Equal(50, TakeAll(budget, at: Second));
        Assert.Equal(25, TakeAll(budget, at: Second + (Second / 2)));
    }

    [Fact]
    public void What_was_saved_never_exceeds_the_burst()
    {
        CallBudget budget = new(perSecond: 50, burst: 200, now: 0);

        Assert.Equal(200, TakeAll(budget, at: 3600 * Second));
    }

    private static int TakeAll(CallBudget budget, long at)
    {
        int taken = 0;
        while (budget.TryTake(TimeProvider.System, at))
        {
            taken++;
        }

        return taken;
    }
}

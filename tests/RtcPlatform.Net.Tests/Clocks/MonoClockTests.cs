using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Tests.Clocks;

public sealed class MonoClockTests
{
    [Fact]
    public void The_clock_never_goes_back()
    {
        MonoTime last = MonoClock.Now;
        for (int look = 0; look < 10_000; look++)
        {
            MonoTime now = MonoClock.Now;
            Assert.True(now >= last);
            last = now;
        }
    }
}

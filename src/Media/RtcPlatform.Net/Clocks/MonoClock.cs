using System.Diagnostics;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Clocks;

/// <summary>The one place where the monotonic clock is read; everything below it receives the time as a parameter.</summary>
public static class MonoClock
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>Any thread; never goes back; the origin is arbitrary but the same for the whole process.</summary>
    public static MonoTime Now =>
        Stopwatch.Frequency == 1_000_000_000
            ? new MonoTime(Stopwatch.GetTimestamp())
            : new MonoTime((long)(Stopwatch.GetTimestamp() * NanosecondsPerTick));
}

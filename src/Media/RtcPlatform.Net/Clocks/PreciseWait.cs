using System.Runtime.InteropServices;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Clocks;

/// <summary>Sleeps that end within tens of microseconds of their time, where the scheduler's tick would be too coarse.</summary>
public static unsafe partial class PreciseWait
{
    // The kernel adds up to 50 us (the default timer slack): asked for a bit earlier.
    private const long Slack = 50_000;
    private const int EINTR = 4;

    /// <summary>Sleeps until <paramref name="due"/> (nanosleep; Thread.Sleep elsewhere than on Linux). Returns at once when it is past.</summary>
    public static void Until(MonoTime due)
    {
        while (true)
        {
            long left = due.Nanoseconds - MonoClock.Now.Nanoseconds - Slack;
            if (left <= 0)
            {
                return;
            }

            if (!OperatingSystem.IsLinux())
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(left / 1000));
                continue;
            }

            (long seconds, long nanoseconds) = Math.DivRem(left, 1_000_000_000);
            var span = new Duration { Seconds = seconds, Nanoseconds = nanoseconds };
            if (nanosleep(&span, null) != 0 && Marshal.GetLastPInvokeError() != EINTR)
            {
                return;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int nanosleep(Duration* wanted, Duration* left);

    /// <summary>struct timespec on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Duration
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

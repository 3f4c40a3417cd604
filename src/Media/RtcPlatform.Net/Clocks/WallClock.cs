namespace RtcPlatform.Net.Clocks;

/// <summary>
/// The machine's clock, CLOCK_REALTIME: the one that the kernel stamps datagrams with, and that processes share. It may be
/// set back; for time spans inside one process there is <see cref="MonoClock"/>.
/// </summary>
public static class WallClock
{
    /// <summary>Nanoseconds since 1970, in steps of 100. Any thread.</summary>
    public static long NowNanoseconds => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}

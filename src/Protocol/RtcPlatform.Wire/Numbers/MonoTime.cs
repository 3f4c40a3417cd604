namespace RtcPlatform.Wire.Numbers;

/// <summary>
/// A point on the monotonic clock of one process, in nanoseconds since an arbitrary origin. Pure code receives it as a
/// parameter and gives back deadlines; it never reads a clock.
/// </summary>
public readonly record struct MonoTime(long Nanoseconds) : IComparable<MonoTime>
{
    /// <summary>Later than every real time: "no deadline".</summary>
    public static readonly MonoTime Never = new(long.MaxValue);

    public static readonly MonoTime Zero = new(0);

    public static MonoTime FromMilliseconds(long milliseconds) => new(milliseconds * 1_000_000);

    public long Milliseconds => Nanoseconds / 1_000_000;

    public long Microseconds => Nanoseconds / 1_000;

    public static MonoTime operator +(MonoTime time, TimeSpan span) =>
        time.Nanoseconds == long.MaxValue ? Never : new(time.Nanoseconds + span.Ticks * 100);

    public static MonoTime operator -(MonoTime time, TimeSpan span) => new(time.Nanoseconds - span.Ticks * 100);

    public static TimeSpan operator -(MonoTime left, MonoTime right) => new((left.Nanoseconds - right.Nanoseconds) / 100);

    public static bool operator <(MonoTime left, MonoTime right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(MonoTime left, MonoTime right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(MonoTime left, MonoTime right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(MonoTime left, MonoTime right) => left.Nanoseconds >= right.Nanoseconds;

    public static MonoTime Min(MonoTime left, MonoTime right) => left < right ? left : right;

    /// <summary>The first instant on a grid that begins at the origin which is not before this one.</summary>
    /// <param name="step">Distance of the grid's instants, above zero.</param>
    public MonoTime OnGrid(TimeSpan step)
    {
        long nanoseconds = step.Ticks * 100;
        return new((Nanoseconds + nanoseconds - 1) / nanoseconds * nanoseconds);
    }

    public int CompareTo(MonoTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => this == Never ? "never" : $"{Nanoseconds / 1e9:F6}s";
}

namespace RtcPlatform.LoadGenerator.Measuring;

/// <summary>CPU time of one thread in a span, in cores (1 = busy all the time).</summary>
public sealed record ThreadUse(string Name, int Id, double Cores);

/// <summary>What a process spent between two samples.</summary>
/// <param name="Cores">CPU time by wall time.</param>
/// <param name="Nanoseconds">CPU time.</param>
/// <param name="UserShare">0 to 1; sampled, good for a coarse look only.</param>
/// <param name="Threads">Busiest first; those below 0.2 % of a core are left out.</param>
public sealed record CpuUse(double Cores, long Nanoseconds, double UserShare, IReadOnlyList<ThreadUse> Threads)
{
    private const long NanosecondsPerTick = 10_000_000;
    private const double Noticeable = 0.002;

    /// <summary>
    /// The sum over the threads, exact to the nanosecond; or the process's own ticks (exact to 10 ms) where they say more,
    /// since threads that have ended count there alone.
    /// </summary>
    internal static CpuUse Between(ProcessSample before, ProcessSample after, TimeSpan span)
    {
        double wall = span.TotalNanoseconds;
        var threads = after.Threads
            .Select(t => (t.Value.Name, Id: t.Key, Spent: t.Value.Nanoseconds - before.Threads.GetValueOrDefault(t.Key).Nanoseconds))
            .OrderByDescending(static t => t.Spent)
            .ToArray();
        long user = after.UserTicks - before.UserTicks;
        long system = after.SystemTicks - before.SystemTicks;
        long spent = threads.Sum(static t => t.Spent);
        long byTicks = (user + system) * NanosecondsPerTick;

        // One tick may be rounded up at each end.
        spent = byTicks > spent + (2 * NanosecondsPerTick) ? byTicks : spent;
        return new CpuUse(
            Math.Round(spent / wall, 4),
            spent,
            user + system == 0 ? 0 : Math.Round((double)user / (user + system), 3),
            [.. threads.Where(t => t.Spent / wall >= Noticeable).Select(t => new ThreadUse(t.Name, t.Id, Math.Round(t.Spent / wall, 4)))]);
    }
}

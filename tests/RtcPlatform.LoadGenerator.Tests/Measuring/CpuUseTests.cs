using System.Collections.Immutable;
using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Runs;

namespace RtcPlatform.LoadGenerator.Tests.Measuring;

public sealed class CpuUseTests
{
    private static readonly TimeSpan Burnt = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Seen = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void What_the_own_process_burns_is_seen_at_the_thread_that_burnt_it()
    {
        using var begin = new ManualResetEventSlim();
        using var burnt = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            begin.Wait();
            Burn();
            burnt.Set();
            end.Wait();
        }) { Name = "burner" };
        thread.Start();
        ProcessSample before = ProcessSample.TryRead(Environment.ProcessId)!;
        begin.Set();
        burnt.Wait();
        ProcessSample after = ProcessSample.TryRead(Environment.ProcessId)!;
        end.Set();
        thread.Join();
        CpuUse use = CpuUse.Between(before, after, Seen);

        Assert.InRange(use.Nanoseconds, (long)Seen.TotalNanoseconds, long.MaxValue);
        Assert.InRange(Assert.Single(use.Threads, t => t.Name == "burner").Cores, 1, double.MaxValue);
        Assert.Equal(use.Nanoseconds / Seen.TotalNanoseconds, use.Cores, 0.001);
    }

    [Fact]
    public void The_own_process_has_memory_and_processors()
    {
        ProcessSample own = ProcessSample.TryRead(Environment.ProcessId)!;

        Assert.InRange(own.ResidentKib, 10_000, Environment.WorkingSet);
        Assert.InRange(own.ProportionalKib, 1, Environment.WorkingSet);
        Assert.Matches(@"^\d[\d,-]*$", own.AllowedCpus);
        Assert.Contains(own.Threads, static t => t.Key == Environment.ProcessId);
    }

    [Fact]
    public void A_process_that_is_not_there_is_none_and_is_named()
    {
        Assert.Null(ProcessSample.TryRead(int.MaxValue));
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => WatchedProcesses.Read([new WatchedProcess("sfu", int.MaxValue)]));
        Assert.Equal("there is no process 2147483647 (sfu)", error.Message);
    }

    /// <summary>Ended threads count in the process's own ticks alone.</summary>
    [Fact]
    public void Ticks_count_where_they_say_more_than_the_threads()
    {
        ProcessSample before = Sample(user: 100, system: 10, (1, 5_000_000));
        Assert.Equal(
            45_000_000, CpuUse.Between(before, Sample(105, 11, (1, 45_000_000), (2, 5_000_000)), TimeSpan.FromSeconds(1)).Nanoseconds);
        CpuUse ended = CpuUse.Between(before, Sample(140, 20, (1, 6_000_000)), TimeSpan.FromSeconds(1));

        Assert.Equal((500_000_000, 0.5, 0.8), (ended.Nanoseconds, ended.Cores, ended.UserShare));
        Assert.Empty(ended.Threads);
    }

    /// <summary>Until the processor time, not the clock, is over: a machine that is busy elsewhere does not shorten it.</summary>
    private static void Burn()
    {
        TimeSpan Spent() => TimeSpan.FromTicks(File.ReadAllText("/proc/thread-self/schedstat").Split(' ') is [var nanoseconds, ..]
            ? long.Parse(nanoseconds) / 100
            : 0);
        TimeSpan end = Spent() + Burnt;
        while (Spent() < end)
        {
            Thread.SpinWait(1000);
        }
    }

    private static ProcessSample Sample(long user, long system, params (int Id, long Nanoseconds)[] threads) => new(
        user, system, threads.ToImmutableDictionary(static t => t.Id, static t => ($"thread-{t.Id}", t.Nanoseconds)), 1, 1, "0");
}

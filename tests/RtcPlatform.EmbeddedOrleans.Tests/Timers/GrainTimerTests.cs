using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Timers;

public sealed class Ticks
{
    public List<string> Lines { get; } = [];
}

public interface ITicking : IGrainWithStringKey
{
    Task Start(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive, TimeSpan work);

    Task Change(TimeSpan due, TimeSpan period);

    Task Stop();

    Task Busy(TimeSpan span);

    Task FailingTimer();
}

public sealed class TickingGrain(Ticks ticks, TimeProvider time) : Grain, ITicking
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private IGrainTimer? _timer;

    public Task Start(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive, TimeSpan work)
    {
        _timer = this.RegisterGrainTimer(
            static (state, token) => state.Grain.Tick(state.Work, token),
            (Grain: this, Work: work),
            new GrainTimerCreationOptions { DueTime = due, Period = period, Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Busy(TimeSpan span)
    {
        await Task.Delay(span, time);
        ticks.Lines.Add("busy done");
    }

    public Task FailingTimer()
    {
        this.RegisterGrainTimer(
            () =>
            {
                ticks.Lines.Add("fail");
                throw new InvalidOperationException("a tick may fail");
            },
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }

    private async Task Tick(TimeSpan work, CancellationToken token)
    {
        ticks.Lines.Add($"{(time.GetUtcNow() - _start).TotalSeconds}");
        if (work > TimeSpan.Zero)
        {
            await Task.Delay(work, time, token);
        }
    }
}

public class GrainTimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Ticks _ticks = new();

    [Fact]
    public void Ticks_come_at_the_due_time_and_then_a_period_after_the_end_of_each()
    {
        using var silo = Silo();
        silo.Run(() => Grain(silo).Start(2 * Second, 5 * Second, false, false, work: Second));

        silo.Advance(20 * Second);

        Assert.Equal(["2", "8", "14", "20"], _ticks.Lines);
    }

    [Fact]
    public void A_tick_waits_for_the_call_in_progress_unless_it_interleaves()
    {
        using (var silo = Silo())
        {
            silo.Run(() => Grain(silo).Start(Second, TimeSpan.FromHours(1), interleave: false, false, default));
            silo.Run(() => Grain(silo).Busy(3 * Second));
            silo.RunUntilIdle();
            Assert.Equal(["busy done", "3"], _ticks.Lines);
        }

        _ticks.Lines.Clear();
        using (var silo = Silo())
        {
            silo.Run(() => Grain(silo).Start(Second, TimeSpan.FromHours(1), interleave: true, false, default));
            silo.Run(() => Grain(silo).Busy(3 * Second));
            Assert.Equal(["1", "busy done"], _ticks.Lines);
        }
    }

    [Fact]
    public void Change_and_Dispose_take_effect()
    {
        using var silo = Silo();
        silo.Run(() => Grain(silo).Start(Second, Second, false, false, default));
        silo.Advance(1.5 * Second);
        silo.Run(() => Grain(silo).Change(3 * Second, Timeout.InfiniteTimeSpan));
        silo.Advance(10 * Second);
        Assert.Equal(["1", "4.5"], _ticks.Lines);

        silo.Run(() => Grain(silo).Change(Second, Second));
        silo.Run(() => Grain(silo).Stop());
        silo.Advance(10 * Second);
        Assert.Equal(2, _ticks.Lines.Count);
    }

    [Fact]
    public void A_failing_tick_does_not_end_the_timer()
    {
        using var silo = Silo();
        silo.Run(() => Grain(silo).FailingTimer());

        silo.Advance(3 * Second);

        Assert.Equal(["fail", "fail", "fail"], _ticks.Lines);
    }

    [Fact]
    public void Only_KeepAlive_timers_keep_a_grain_in_memory_and_timers_end_with_it()
    {
        using var silo = Silo();
        silo.Run(() => silo.Grains.GetGrain<ITicking>("kept").Start(default, TimeSpan.FromMinutes(1), false, keepAlive: true, default));
        silo.Run(() => silo.Grains.GetGrain<ITicking>("left").Start(default, TimeSpan.FromMinutes(1), false, keepAlive: false, default));

        silo.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(["ticking/kept"], silo.Active.Select(id => id.ToString()));

        silo.Crash<ITicking>("kept");
        _ticks.Lines.Clear();
        silo.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(_ticks.Lines);
    }

    private static ITicking Grain(SimulatedSilo silo) => silo.Grains.GetGrain<ITicking>("t");

    private SimulatedSilo Silo() => new(3, services => services.AddSingleton(_ticks));
}

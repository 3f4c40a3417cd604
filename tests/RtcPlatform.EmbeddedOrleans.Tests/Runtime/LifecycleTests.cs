using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace RtcPlatform.EmbeddedOrleans.Tests.Runtime;

/// <summary>What the grains of these tests report to.</summary>
public sealed class Journal
{
    public List<string> Lines { get; } = [];

    public int ActivationsToFail { get; set; }

    public TimeSpan ActivationTakes { get; init; } = TimeSpan.FromSeconds(1);
}

public interface ILived : IGrainWithStringKey
{
    Task<int> Count();

    Task Leave();

    Task Linger(TimeSpan span);

    Task Work(TimeSpan span);

    Task Fail();

    Task FailAfterAwait();

    Task<bool> IsOwnReference(ILived other);
}

public sealed class OwnException(string detail) : Exception("own: " + detail)
{
    public string Detail { get; } = detail;
}

public sealed class LivedGrain(Journal journal, TimeProvider time) : Grain, ILived, IDisposable
{
    private int _count;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(journal.ActivationTakes, time, cancellationToken);
        if (journal.ActivationsToFail-- > 0)
        {
            throw new OwnException("activation");
        }

        journal.Lines.Add($"+{this.GetPrimaryKeyString()}");
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Lines.Add($"-{this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public void Dispose() => journal.Lines.Add("disposed");

    public Task<int> Count() => Task.FromResult(++_count);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Linger(TimeSpan span)
    {
        DelayDeactivation(span);
        return Task.CompletedTask;
    }

    public Task Work(TimeSpan span) => Task.Delay(span, time);

    public Task Fail() => throw new OwnException("at once");

    public async Task FailAfterAwait()
    {
        await Task.Yield();
        throw new OwnException("later");
    }

    public Task<bool> IsOwnReference(ILived other) => Task.FromResult(
        other.Equals(this.AsReference<ILived>()) && other.GetGrainId() == this.GetGrainId() && other is not LivedGrain);
}

public class LifecycleTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void A_grain_is_activated_by_its_first_call_only_once()
    {
        using var silo = Silo();
        var grain = silo.Grains.GetGrain<ILived>("a");
        Assert.Empty(silo.Active);

        var counts = silo.Run(() => Task.WhenAll(grain.Count(), grain.Count(), grain.Count()));

        Assert.Equal([1, 2, 3], counts);
        Assert.Equal(["+a"], _journal.Lines);
        Assert.Equal(["lived/a"], silo.Active.Select(id => id.ToString()));
    }

    [Fact]
    public void A_failed_activation_fails_its_callers_and_the_next_call_tries_anew()
    {
        _journal.ActivationsToFail = 1;
        using var silo = Silo();
        var grain = silo.Grains.GetGrain<ILived>("a");

        var error = Assert.Throws<OwnException>(() => silo.Run(() => grain.Count()));

        Assert.Equal("activation", error.Detail);
        Assert.Empty(silo.Active);
        Assert.Equal(1, silo.Run(grain.Count));
    }

    [Fact]
    public void DeactivateOnIdle_ends_the_activation_and_waiting_calls_reach_a_new_one()
    {
        using var silo = Silo();
        var grain = silo.Grains.GetGrain<ILived>("a");
        silo.Run(grain.Count);

        var after = silo.Run(async () =>
        {
            var leave = grain.Leave();
            var count = grain.Count();
            await leave;
            return await count;
        });

        Assert.Equal(1, after);
        Assert.Equal(2, _journal.Lines.Count(l => l == "+a"));
        Assert.True(_journal.Lines.IndexOf("-a ApplicationRequested") < _journal.Lines.LastIndexOf("+a"));
        Assert.Contains("disposed", _journal.Lines);
    }

    [Fact]
    public void Idle_grains_leave_memory_after_the_collection_age()
    {
        using var silo = Silo();
        silo.Run(silo.Grains.GetGrain<ILived>("a").Count);

        silo.Advance(TimeSpan.FromMinutes(14));
        Assert.Single(silo.Active);
        silo.Advance(TimeSpan.FromMinutes(3));

        Assert.Empty(silo.Active);
        Assert.Contains("-a ActivationIdle", _journal.Lines);
    }

    [Fact]
    public void Used_grains_and_grains_at_work_stay()
    {
        using var silo = new SimulatedSilo(
            1,
            services => services.AddSingleton(_journal),
            configureSilo: s => s.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromHours(2)));
        var used = silo.Grains.GetGrain<ILived>("used");
        var working = silo.Start(() => silo.Grains.GetGrain<ILived>("working").Work(TimeSpan.FromMinutes(50)));

        for (var i = 0; i < 4; i++)
        {
            silo.Run(used.Count);
            silo.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal(2, silo.Active.Count);
        silo.WaitFor(working);
        Assert.True(working.IsCompletedSuccessfully);
    }

    [Fact]
    public void DelayDeactivation_keeps_an_idle_grain()
    {
        using var silo = Silo();
        silo.Run(() => silo.Grains.GetGrain<ILived>("a").Linger(TimeSpan.FromHours(1)));

        silo.Advance(TimeSpan.FromMinutes(58));
        Assert.Single(silo.Active);
        silo.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(silo.Active);
    }

    [Fact]
    public void Exceptions_reach_the_caller_with_type_content_and_remote_stack()
    {
        using var silo = Silo();
        var grain = silo.Grains.GetGrain<ILived>("a");

        Assert.Equal("at once", Assert.Throws<OwnException>(() => silo.Run(grain.Fail)).Detail);
        var later = Assert.Throws<OwnException>(() => silo.Run(grain.FailAfterAwait));

        Assert.Contains(nameof(LivedGrain), later.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, silo.Run(grain.Count));
    }

    [Fact]
    public void A_crash_loses_the_state_tells_the_callers_and_says_no_farewell()
    {
        using var silo = Silo();
        var grain = silo.Grains.GetGrain<ILived>("a");
        silo.Run(grain.Count);
        var running = silo.Start(() => grain.Work(TimeSpan.FromSeconds(5)));
        var waiting = silo.Start(() => grain.Count());
        silo.RunUntilIdle();

        Assert.True(silo.Crash<ILived>("a"));
        silo.RunUntilIdle();

        Assert.IsType<SiloUnavailableException>(running.Exception?.InnerException);
        Assert.IsType<SiloUnavailableException>(waiting.Exception?.InnerException);
        Assert.Equal(1, silo.Run(grain.Count));
        Assert.DoesNotContain(_journal.Lines, line => line.StartsWith('-'));
        Assert.False(silo.Crash<ILived>("never-started"));
    }

    [Fact]
    public void References_of_one_grain_are_equal_and_are_not_the_grain()
    {
        using var silo = Silo();
        var grain = silo.Grains.GetGrain<ILived>("a");

        Assert.True(silo.Run(() => grain.IsOwnReference(silo.Grains.GetGrain<ILived>("a"))));
        Assert.False(silo.Run(() => grain.IsOwnReference(silo.Grains.GetGrain<ILived>("b"))));
        Assert.Equal("a", grain.GetPrimaryKeyString());
        Assert.Equal(grain, silo.Grains.GetGrain<ILived>(grain.GetGrainId()));
    }

    private SimulatedSilo Silo() => new(1, services => services.AddSingleton(_journal));
}

using Microsoft.Extensions.DependencyInjection;
using Orleans;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Simulation;

public interface ISeats : IGrainWithStringKey
{
    Task<int> Taken();

    Task Take();

    Task<bool> TakeIfBelow(int limit);
}

public sealed class SeatsGrain : Grain, ISeats
{
    private int _taken;

    public Task<int> Taken() => Task.FromResult(_taken);

    public Task Take()
    {
        _taken++;
        return Task.CompletedTask;
    }

    public Task<bool> TakeIfBelow(int limit)
    {
        if (_taken >= limit)
        {
            return Task.FromResult(false);
        }

        _taken++;
        return Task.FromResult(true);
    }
}

public interface IDoor : IGrainWithStringKey
{
    Task EnterBroken(string seats, int limit);

    Task Enter(string seats, int limit);
}

/// <summary>Sells seats: the broken way asks and takes in two calls, so that two doors can sell the last one.</summary>
public sealed class DoorGrain : Grain, IDoor
{
    public async Task EnterBroken(string seats, int limit)
    {
        var grain = GrainFactory.GetGrain<ISeats>(seats);
        if (await grain.Taken() < limit)
        {
            await grain.Take();
        }
    }

    public Task Enter(string seats, int limit) => GrainFactory.GetGrain<ISeats>(seats).TakeIfBelow(limit);
}

public interface IEscaping : IGrainWithStringKey
{
    Task WaitForEver();
}

public sealed class EscapingGrain : Grain, IEscaping
{
    public Task WaitForEver() => new TaskCompletionSource().Task;
}

public class SimulationTests
{
    private const int Seeds = 1000;

    [Fact]
    public void A_thousand_seeds_find_the_interleaving_that_breaks_a_rule_and_pass_what_is_right()
    {
        var broken = Enumerable.Range(0, Seeds).Where(seed => SoldSeats(seed, (d, s) => d.EnterBroken(s, 1)) > 1).ToArray();
        var right = Enumerable.Range(0, Seeds).Where(seed => SoldSeats(seed, (d, s) => d.Enter(s, 1)) > 1).ToArray();

        Assert.InRange(broken.Length, 50, Seeds - 50);
        Assert.Empty(right);

        // The seed found once breaks it every time.
        Assert.All(broken.Take(20), seed => Assert.True(SoldSeats(seed, (d, s) => d.EnterBroken(s, 1)) > 1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_others_give_others()
    {
        var first = Enumerable.Range(0, 50).Select(Order).ToArray();
        var again = Enumerable.Range(0, 50).Select(Order).ToArray();

        Assert.Equal(first, again);
        Assert.InRange(first.Distinct().Count(), 25, 50);
    }

    [Fact]
    public void Work_that_comes_from_a_foreign_thread_is_reported()
    {
        using var silo = new SimulatedSilo(1);
        using var gate = new ManualResetEventSlim();
        var call = silo.Start(async () => await Task.Run(() => gate.Wait()));
        silo.RunUntilIdle();
        gate.Set();

        var error = Assert.Throws<SimulationException>(() =>
        {
            while (!call.IsCompleted)
            {
                silo.RunUntilIdle();
            }
        });
        Assert.Contains("foreign thread", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_never_ends_is_a_timeout_and_a_task_that_never_ends_is_a_stall()
    {
        using var silo = new SimulatedSilo(17);
        var grain = silo.Grains.GetGrain<IEscaping>("e");

        Assert.Throws<TimeoutException>(() => silo.Run(grain.WaitForEver));
        var stall = Assert.Throws<SimulationException>(() => silo.Run(() => new TaskCompletionSource().Task));

        Assert.Contains("Seed 17", stall.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_clock_moves_only_as_far_as_told()
    {
        using var silo = new SimulatedSilo(1);
        var start = silo.Time.GetUtcNow();
        var delay = silo.Start(() => Task.Delay(TimeSpan.FromSeconds(10), silo.Time));

        silo.Advance(TimeSpan.FromSeconds(9.5));
        Assert.False(delay.IsCompleted);
        silo.Advance(TimeSpan.FromSeconds(0.5));

        Assert.True(delay.IsCompletedSuccessfully);
        Assert.Equal(TimeSpan.FromSeconds(10), silo.Time.GetUtcNow() - start);
    }

    [Fact]
    public void Services_of_the_test_are_injected()
    {
        var marker = new object();
        using var silo = new SimulatedSilo(1, services => services.AddSingleton(marker));

        Assert.Same(marker, silo.Services.GetRequiredService<object>());
        Assert.Same(silo.Time, silo.Services.GetRequiredService<TimeProvider>());
    }

    private static int SoldSeats(int seed, Func<IDoor, string, Task> enter)
    {
        using var silo = new SimulatedSilo(seed);
        silo.Run(() => Task.WhenAll(
            Enumerable.Range(0, 2).Select(i => enter(silo.Grains.GetGrain<IDoor>($"door{i}"), "hall"))));
        return silo.Run(silo.Grains.GetGrain<ISeats>("hall").Taken);
    }

    private static (ulong, long) Order(int seed)
    {
        using var silo = new SimulatedSilo(seed);
        silo.Run(() => Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => silo.Grains.GetGrain<IDoor>($"door{i}").EnterBroken("hall", 2))));
        return (silo.Fingerprint, silo.Steps);
    }
}

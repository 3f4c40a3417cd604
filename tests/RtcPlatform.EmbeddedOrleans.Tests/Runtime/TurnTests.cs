using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Runtime;

public interface ITurnLog : IGrainWithStringKey
{
    Task Slow(string name);

    [AlwaysInterleave]
    Task Interleaved(string name);

    [ReadOnly]
    Task Read(string name);

    [OneWay]
    Task Forget(string name);

    [OneWay]
    Task ForgetAndFail();

    [AlwaysInterleave]
    Task<string[]> Log();
}

public class TurnLogGrain(TimeProvider time) : Grain, ITurnLog
{
    private readonly List<string> _log = [];

    public Task Slow(string name) => Step(name);

    public Task Interleaved(string name) => Step(name);

    public Task Read(string name) => Step(name);

    public Task Forget(string name) => Step(name);

    public Task ForgetAndFail() => throw new InvalidOperationException("nobody hears this");

    public Task<string[]> Log() => Task.FromResult(_log.ToArray());

    private async Task Step(string name)
    {
        _log.Add($"{name}+");
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        _log.Add($"{name}-");
    }
}

public interface IReentrantTurnLog : ITurnLog;

[Reentrant]
public class ReentrantTurnLogGrain(TimeProvider time) : TurnLogGrain(time), IReentrantTurnLog;

public interface ICircle : IGrainWithStringKey
{
    Task<int> CallOther(string other, int depth);

    Task CallSelf();
}

public class CircleGrain : Grain, ICircle
{
    public async Task<int> CallOther(string other, int depth) => depth == 0
        ? 0
        : 1 + await GrainFactory.GetGrain<ICircle>(other).CallOther(this.GetPrimaryKeyString(), depth - 1);

    public Task CallSelf() => this.AsReference<ICircle>().CallOther("x", 0);
}

public interface IReentrantCircle : IGrainWithStringKey
{
    Task<int> CallOther(string other, int depth);

    Task CallSelf();
}

[Reentrant]
public class ReentrantCircleGrain : Grain, IReentrantCircle
{
    public async Task<int> CallOther(string other, int depth) => depth == 0
        ? 0
        : 1 + await GrainFactory.GetGrain<IReentrantCircle>(other).CallOther(this.GetPrimaryKeyString(), depth - 1);

    public Task CallSelf() => this.AsReference<IReentrantCircle>().CallOther("x", 0);
}

public class TurnTests
{
    [Fact]
    public void A_call_starts_when_the_one_before_is_done_not_when_it_awaits()
    {
        using var silo = new SimulatedSilo(1);
        var grain = Plain(silo);

        silo.Run(() => Task.WhenAll(grain.Slow("a"), grain.Slow("b")));

        Assert.Equal(["a+", "a-", "b+", "b-"], silo.Run(grain.Log));
    }

    [Fact]
    public void Calls_of_one_caller_run_in_the_order_they_were_sent()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            using var silo = new SimulatedSilo(seed);
            var grain = Plain(silo);
            var names = Enumerable.Range(0, 10).Select(i => $"c{i}").ToArray();

            silo.Run(() => Task.WhenAll(names.Select(grain.Slow)));

            Assert.Equal(names.SelectMany(n => new[] { n + "+", n + "-" }), silo.Run(grain.Log));
        }
    }

    [Fact]
    public void Reentrant_grains_interleave_at_their_awaits()
    {
        using var silo = new SimulatedSilo(1);
        var grain = silo.Grains.GetGrain<IReentrantTurnLog>("g");

        silo.Run(() => Task.WhenAll(grain.Slow("a"), grain.Slow("b")));

        Assert.Equal(["a+", "b+"], silo.Run(grain.Log)[..2]);
    }

    [Fact]
    public void AlwaysInterleave_starts_during_an_ordinary_call_and_lets_one_start()
    {
        using var silo = new SimulatedSilo(1);
        var grain = Plain(silo);

        silo.Run(() => Task.WhenAll(grain.Interleaved("i"), grain.Slow("a"), grain.Interleaved("j"), grain.Slow("b")));

        var log = silo.Run(grain.Log);
        Assert.Equal(["i+", "a+", "j+"], log[..3]);
        Assert.True(Array.IndexOf(log, "a-") < Array.IndexOf(log, "b+"));
        Assert.Equal("b-", log[^1]);
    }

    [Fact]
    public void ReadOnly_calls_interleave_with_each_other_only()
    {
        using var silo = new SimulatedSilo(1);
        var grain = Plain(silo);

        silo.Run(() => Task.WhenAll(grain.Read("r"), grain.Read("s"), grain.Slow("w")));

        var log = silo.Run(grain.Log);
        Assert.Equal(["r+", "s+"], log[..2]);
        Assert.Equal(["w+", "w-"], log[^2..]);
    }

    [Fact]
    public void OneWay_calls_do_not_wait_and_their_errors_reach_nobody()
    {
        using var silo = new SimulatedSilo(1);
        var grain = Plain(silo);

        silo.Run(async () =>
        {
            Assert.True(grain.Forget("f").IsCompletedSuccessfully);
            await grain.ForgetAndFail();
            Assert.DoesNotContain("f-", await grain.Log());
        });
        silo.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["f+", "f-"], silo.Run(grain.Log));
    }

    [Fact]
    public void A_circle_of_calls_ends_with_the_response_timeout()
    {
        using var silo = new SimulatedSilo(1);
        var grain = silo.Grains.GetGrain<ICircle>("a");
        var start = silo.Time.GetUtcNow();

        Assert.Throws<TimeoutException>(() => silo.Run(() => grain.CallOther("b", 2)));

        Assert.Equal(TimeSpan.FromSeconds(30), silo.Time.GetUtcNow() - start);
        Assert.Equal(1, silo.Run(() => grain.CallOther("b", 1)));
    }

    [Fact]
    public void A_grain_that_calls_itself_waits_for_itself()
    {
        using var silo = new SimulatedSilo(1);

        Assert.Throws<TimeoutException>(() => silo.Run(() => silo.Grains.GetGrain<ICircle>("a").CallSelf()));
    }

    [Fact]
    public void Reentrant_grains_may_call_in_circles()
    {
        using var silo = new SimulatedSilo(1);

        Assert.Equal(6, silo.Run(() => silo.Grains.GetGrain<IReentrantCircle>("a").CallOther("b", 6)));
        silo.Run(() => silo.Grains.GetGrain<IReentrantCircle>("a").CallSelf());
    }

    [Fact]
    public void The_response_timeout_is_configurable()
    {
        using var silo = new SimulatedSilo(
            1, configureSilo: s => s.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(4)));
        var start = silo.Time.GetUtcNow();

        Assert.Throws<TimeoutException>(() => silo.Run(() => silo.Grains.GetGrain<ICircle>("a").CallOther("b", 2)));

        Assert.Equal(TimeSpan.FromSeconds(4), silo.Time.GetUtcNow() - start);
    }

    [Fact]
    public void A_call_whose_caller_gave_up_before_it_started_is_not_run()
    {
        using var silo = new SimulatedSilo(
            1, configureSilo: s => s.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromMilliseconds(500)));
        var grain = Plain(silo);

        var calls = silo.Run(async () =>
        {
            Task[] both = [grain.Slow("a"), grain.Slow("b")];
            await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAll(both));
            return both;
        });
        silo.Advance(TimeSpan.FromSeconds(5));

        Assert.All(calls, call => Assert.True(call.IsFaulted));
        Assert.Equal(["a+", "a-"], silo.Run(grain.Log));
    }

    private static ITurnLog Plain(SimulatedSilo silo) =>
        silo.Grains.GetGrain<ITurnLog>("g", typeof(TurnLogGrain).FullName);
}

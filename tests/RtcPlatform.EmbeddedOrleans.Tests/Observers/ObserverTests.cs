using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Orleans.Utilities;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Observers;

public interface IChatWatcher : IGrainObserver
{
    Task Said(string text);

    void SaidAside(string text);
}

public interface IChat : IGrainWithStringKey
{
    Task Join(IChatWatcher watcher);

    Task Leave(IChatWatcher watcher);

    Task Say(string text);

    Task SayAside(string text);

    Task<int> Watchers();
}

public sealed class ChatGrain : Grain, IChat
{
    private readonly ObserverManager<IChatWatcher> _watchers;

    public ChatGrain(TimeProvider time) =>
        _watchers = new ObserverManager<IChatWatcher>(TimeSpan.FromMinutes(5), NullLogger.Instance)
        {
            GetDateTime = () => time.GetUtcNow().UtcDateTime,
        };

    public Task Join(IChatWatcher watcher)
    {
        _watchers.Subscribe(watcher, watcher);
        return Task.CompletedTask;
    }

    public Task Leave(IChatWatcher watcher)
    {
        _watchers.Unsubscribe(watcher);
        return Task.CompletedTask;
    }

    public Task Say(string text) => _watchers.Notify(w => w.Said(text));

    public Task SayAside(string text)
    {
        _watchers.Notify(w => w.SaidAside(text));
        return Task.CompletedTask;
    }

    public Task<int> Watchers()
    {
        _watchers.ClearExpired();
        return Task.FromResult(_watchers.Count);
    }
}

public sealed class Ear : IChatWatcher
{
    public List<string> Heard { get; } = [];

    public bool Broken { get; set; }

    public Task Said(string text)
    {
        Heard.Add(text);
        return Broken ? throw new InvalidOperationException("deaf") : Task.CompletedTask;
    }

    public void SaidAside(string text) => Heard.Add($"({text})");
}

public sealed class ObserverTests : IDisposable
{
    private readonly SimulatedSilo _silo = new(1);

    private IChat Chat => _silo.Grains.GetGrain<IChat>("c");

    public void Dispose() => _silo.Dispose();

    [Fact]
    public void Observers_hear_calls_in_order_until_they_unsubscribe()
    {
        var ear = new Ear();
        var reference = _silo.Grains.CreateObjectReference<IChatWatcher>(ear);

        _silo.Run(async () =>
        {
            await Chat.Join(reference);
            await Chat.Join(reference);
            await Chat.Say("one");
            await Chat.SayAside("two");
            await Chat.Say("three");
            await Chat.Leave(reference);
            await Chat.Say("four");
        });

        Assert.Equal(["one", "(two)", "three"], ear.Heard);
    }

    [Fact]
    public void An_observer_that_fails_is_forgotten()
    {
        var broken = new Ear { Broken = true };
        var sound = new Ear();
        var references = new[] { broken, sound }.Select(_silo.Grains.CreateObjectReference<IChatWatcher>).ToArray();

        _silo.Run(async () =>
        {
            await Task.WhenAll(references.Select(Chat.Join));
            await Chat.Say("a");
            await Chat.Say("b");
        });

        Assert.Equal(["a"], broken.Heard);
        Assert.Equal(["a", "b"], sound.Heard);
    }

    [Fact]
    public void Subscriptions_that_are_not_renewed_expire()
    {
        var ear = new Ear();
        var reference = _silo.Grains.CreateObjectReference<IChatWatcher>(ear);
        _silo.Run(() => Chat.Join(reference));
        _silo.Advance(TimeSpan.FromMinutes(4));
        _silo.Run(() => Chat.Join(reference));
        _silo.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, _silo.Run(Chat.Watchers));

        _silo.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(0, _silo.Run(Chat.Watchers));
        _silo.Run(() => Chat.Say("nobody"));
        Assert.Empty(ear.Heard);
    }

    [Fact]
    public void A_deleted_reference_leads_nowhere()
    {
        var ear = new Ear();
        var reference = _silo.Grains.CreateObjectReference<IChatWatcher>(ear);
        _silo.Run(() => Chat.Join(reference));
        _silo.Grains.DeleteObjectReference<IChatWatcher>(reference);

        _silo.Run(() => Chat.SayAside("x"));

        Assert.Empty(ear.Heard);
        Assert.Throws<ArgumentException>(() => _silo.Grains.DeleteObjectReference<IChatWatcher>(ear));
    }

    [Fact]
    public void An_object_is_not_a_reference()
    {
        Assert.Throws<ArgumentException>(() => _silo.Run(() => Chat.Join(new Ear())));
    }

    [Fact]
    public void The_runtime_does_not_keep_an_observer_alive()
    {
        var (reference, weak) = Forgotten();
        _silo.Run(() => Chat.Join(reference));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(weak.TryGetTarget(out _));
        Assert.Throws<TimeoutException>(() => _silo.Run(() => reference.Said("nobody answers")));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (IChatWatcher Reference, WeakReference<Ear> Weak) Forgotten()
    {
        var ear = new Ear();
        return (_silo.Grains.CreateObjectReference<IChatWatcher>(ear), new WeakReference<Ear>(ear));
    }
}

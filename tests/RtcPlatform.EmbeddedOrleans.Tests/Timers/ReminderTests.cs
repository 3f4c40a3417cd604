using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Timers;

public interface IReminded : IGrainWithStringKey
{
    Task Register(string name, TimeSpan due, TimeSpan period);

    Task<bool> Unregister(string name);

    Task<string[]> Names();
}

public sealed class RemindedGrain(Ticks ticks) : Grain, IReminded, IRemindable
{
    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> Unregister(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<string[]> Names() => [.. (await this.GetReminders()).Select(r => r.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        ticks.Lines.Add($"{reminderName} {(status.CurrentTickTime - status.FirstTickTime).TotalMinutes}");
        return reminderName == "failing" ? throw new InvalidOperationException("a reminder may fail") : Task.CompletedTask;
    }
}

public class ReminderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Ticks _ticks = new();

    [Fact]
    public void A_reminder_comes_until_unregistered_and_starts_its_grain_again()
    {
        using var silo = Silo();
        silo.Run(() => Grain(silo).Register("r", Minute, 30 * Minute));
        silo.Advance(20 * Minute);
        Assert.Empty(silo.Active);
        silo.Advance(12 * Minute);
        silo.CrashAll();
        silo.Advance(30 * Minute);

        Assert.Equal(["r 0", "r 30", "r 60"], _ticks.Lines);
        Assert.Equal(["r"], silo.Run(() => Grain(silo).Names()));
        Assert.True(silo.Run(() => Grain(silo).Unregister("r")));
        Assert.False(silo.Run(() => Grain(silo).Unregister("r")));
        silo.Advance(120 * Minute);
        Assert.Equal(3, _ticks.Lines.Count);
    }

    [Fact]
    public void Registering_again_changes_the_reminder()
    {
        using var silo = Silo();
        silo.Run(() => Grain(silo).Register("r", Minute, Minute));
        silo.Run(() => Grain(silo).Register("r", 10 * Minute, Minute));

        silo.Advance(10.5 * Minute);

        Assert.Equal(["r 0"], _ticks.Lines);
    }

    [Fact]
    public void A_reminder_that_fails_comes_again()
    {
        using var silo = Silo();
        silo.Run(() => Grain(silo).Register("failing", default, Minute));

        silo.Advance(2.5 * Minute);

        Assert.Equal(3, _ticks.Lines.Count);
    }

    [Fact]
    public void The_period_is_at_least_a_minute_unless_configured_lower()
    {
        using var silo = Silo();
        Assert.Throws<ArgumentException>(() => silo.Run(() => Grain(silo).Register("r", default, 0.5 * Minute)));

        using var quick = new SimulatedSilo(
            1,
            services => services.AddSingleton(_ticks),
            s => s.Configure<ReminderOptions>(o => o.MinimumReminderPeriod = TimeSpan.FromSeconds(1)));
        quick.Run(() => Grain(quick).Register("r", default, TimeSpan.FromSeconds(1)));
        quick.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(3, _ticks.Lines.Count);
    }

    private static IReminded Grain(SimulatedSilo silo) => silo.Grains.GetGrain<IReminded>("g");

    private SimulatedSilo Silo() => new(5, services => services.AddSingleton(_ticks));
}

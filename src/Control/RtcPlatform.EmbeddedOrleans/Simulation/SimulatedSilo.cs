using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Hosting;
using RtcPlatform.EmbeddedOrleans.Reminders;
using RtcPlatform.EmbeddedOrleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Simulation;

/// <summary>
/// A silo whose grains all run on the caller's thread, on a virtual clock, in an order drawn from a seed. The same seed gives the
/// same order; many seeds explore many interleavings. Storage and reminders are in memory and survive crashes.
/// </summary>
/// <remarks>Use it from the thread that made it. It never waits: a minute of virtual time costs what happens in it.</remarks>
public sealed class SimulatedSilo : IDisposable
{
    private readonly SimulatedTime _time;
    private readonly SimulatedDispatcher _dispatcher;
    private readonly ServiceProvider _services;
    private readonly Silo _silo;
    private readonly Lane _outside;

    /// <summary>A running silo.</summary>
    /// <param name="seed">Decides every order; print it when a test fails.</param>
    /// <param name="configureServices">Registers what the grains' constructors ask for.</param>
    /// <param name="configureSilo">Adds named storages and options; default storage and reminders are there already.</param>
    public SimulatedSilo(
        int seed, Action<IServiceCollection>? configureServices = null, Action<ISiloBuilder>? configureSilo = null)
    {
        Seed = seed;
        var random = new Random(seed);
        _time = new SimulatedTime(random);
        _dispatcher = new SimulatedDispatcher(random);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ILaneDispatcher>(_dispatcher);
        var builder = new SiloBuilder(services, new ConfigurationManager());
        builder.AddMemoryGrainStorageAsDefault().UseInMemoryReminderService();
        configureServices?.Invoke(services);
        configureSilo?.Invoke(builder);
        services.AddSilo();
        _services = services.BuildServiceProvider();
        _silo = _services.GetRequiredService<Silo>();
        _outside = _silo.CreateLane("outside", null);
        _services.GetRequiredService<IdleCollector>();
        Run(() => _services.GetRequiredService<ReminderService>().StartAsync(CancellationToken.None));
    }

    /// <summary>What decides every order.</summary>
    public int Seed { get; }

    /// <summary>The virtual clock; starts at 2030-01-01 00:00 UTC.</summary>
    public TimeProvider Time => _time;

    /// <summary>The services of the silo.</summary>
    public IServiceProvider Services => _services;

    /// <summary>References to grains. Calls from the test run when the simulation does.</summary>
    public IGrainFactory Grains => _silo.Factory;

    /// <summary>How many pieces of work have run.</summary>
    public long Steps => _dispatcher.Steps;

    /// <summary>A number that is the same for the same order of work.</summary>
    public ulong Fingerprint => _dispatcher.Fingerprint;

    /// <summary>Which grains ran last, oldest first; for messages of failing tests.</summary>
    public IReadOnlyCollection<string> History => _dispatcher.History;

    /// <summary>The ids of the grains in memory, in the order of their start.</summary>
    public IReadOnlyList<GrainId> Active => [.. _silo.Activations.Select(a => a.GrainId)];

    /// <summary>Runs everything that can run without the clock moving.</summary>
    public void RunUntilIdle() => OnThisThread(() =>
    {
        while (_dispatcher.Step())
        {
            // Each step may make others possible.
        }
    });

    /// <summary>Moves the clock, running everything that is due on the way, each at its time.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        var target = _time.GetUtcNow() + span;
        RunUntilIdle();
        while (_time.NextDue <= target)
        {
            OnThisThread(_time.FireNext);
            RunUntilIdle();
        }

        _time.MoveTo(target);
    }

    /// <summary>
    /// Starts code outside of the grains without waiting for it, so that several run at once: their turns are drawn like those
    /// of the grains.
    /// </summary>
    public Task Start(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var lane = _silo.CreateLane("outside", null);
        return OnLane(lane, body);
    }

    /// <summary>Runs code outside of the grains to its end, moving the clock when everything waits for it.</summary>
    /// <param name="body">What a client, a hub or a test does; its awaits come back to the simulation.</param>
    /// <param name="patience">The most virtual time it may take; an hour by default.</param>
    /// <exception cref="SimulationException">It does not end within its patience.</exception>
    public void Run(Func<Task> body, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var task = OnLane(_outside, body);
        WaitFor(task, patience);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Like <see cref="Run(Func{Task}, TimeSpan?)"/>, with a result.</summary>
    public T Run<T>(Func<Task<T>> body, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        T result = default!;
        Run(async () => { result = await body(); }, patience);
        return result;
    }

    /// <summary>Runs until the task is done, moving the clock when everything waits for it. Does not throw what it threw.</summary>
    /// <exception cref="SimulationException">It is not done within the patience (an hour by default).</exception>
    public void WaitFor(Task task, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        var end = _time.GetUtcNow() + (patience ?? TimeSpan.FromHours(1));
        OnThisThread(() =>
        {
            while (!task.IsCompleted)
            {
                if (_dispatcher.Step())
                {
                    continue;
                }

                if (_time.NextDue is not { } due || due > end)
                {
                    throw new SimulationException(
                        $"Seed {Seed}: nothing can run and the task is not done at {_time.GetUtcNow():O};"
                        + $" the last to run were {string.Join(", ", History)}");
                }

                _time.FireNext();
            }

            _dispatcher.ThrowIfEscaped();
        });
    }

    /// <summary>
    /// Ends the grain's activation as the death of its process would: what is in memory is lost, callers get
    /// <see cref="SiloUnavailableException"/>, the next call starts it anew.
    /// </summary>
    /// <returns>Whether it was in memory.</returns>
    public bool Crash<TGrainInterface>(string key)
        where TGrainInterface : IGrainWithStringKey => Crash(Grains.GetGrain<TGrainInterface>(key).GetGrainId());

    /// <inheritdoc cref="Crash{TGrainInterface}(string)" />
    public bool Crash(GrainId grain)
    {
        var activation = _silo.Find(grain);
        activation?.Crash();
        return activation is not null;
    }

    /// <summary>Crashes every grain at once.</summary>
    public void CrashAll()
    {
        foreach (var activation in _silo.Activations)
        {
            activation.Crash();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _services.Dispose();

    private static Task OnLane(Lane lane, Func<Task> body)
    {
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            return Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.None, lane).Unwrap();
        }
    }

    // A synchronization context (xunit has one) would be where awaits return to, instead of the lane they ran on.
    private static void OnThisThread(Action action)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}

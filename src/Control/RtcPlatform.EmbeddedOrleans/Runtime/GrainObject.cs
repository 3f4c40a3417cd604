using Microsoft.Extensions.DependencyInjection;
using Orleans;
using RtcPlatform.EmbeddedOrleans.Timers;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>What one activation owns: the grain's object, its scope of services, its timers.</summary>
internal sealed class GrainObject(Activation activation, GrainClass grainClass)
{
    private readonly Lock _gate = new();
    private readonly HashSet<GrainTimer> _timers = [];
    private AsyncServiceScope? _scope;

    /// <summary>The object; null until it is constructed.</summary>
    public object? Instance { get; private set; }

    /// <summary>The services of the activation.</summary>
    public IServiceProvider Services => _scope?.ServiceProvider ?? activation.Silo.Services;

    /// <summary>Constructs the object, reads its states, and tells it that it is active.</summary>
    public async Task ActivateAsync()
    {
        _scope = activation.Silo.Services.CreateAsyncScope();
        using var patience = new CancellationTokenSource(activation.Silo.Collection.ActivationTimeout, activation.Silo.Time);
        var (instance, states) = grainClass.Construct(activation);
        Instance = instance;
        foreach (var state in states)
        {
            await state.LoadAsync(patience.Token);
        }

        await ((IGrainBase)instance).OnActivateAsync(patience.Token);
    }

    /// <summary>Ends the timers and tells the object that it is deactivated. What it throws is logged.</summary>
    public async Task FarewellAsync(DeactivationReason reason)
    {
        StopTimers();
        try
        {
            using var patience = new CancellationTokenSource(activation.Silo.Collection.DeactivationTimeout, activation.Silo.Time);
            await ((IGrainBase)Instance!).OnDeactivateAsync(reason, patience.Token);
        }
        catch (Exception exception)
        {
            activation.Silo.Log.DeactivationFailed(activation.GrainId, exception);
        }
    }

    /// <summary>Disposes the object and its scope. What they throw is logged.</summary>
    public async Task DisposeAsync()
    {
        try
        {
            if (Instance is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else if (Instance is IDisposable disposable)
            {
                disposable.Dispose();
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            activation.Silo.Log.DeactivationFailed(activation.GrainId, exception);
        }
    }

    /// <summary>The timer ends with the object.</summary>
    public void Attach(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers.Add(timer);
        }
    }

    /// <summary>The timer has been disposed.</summary>
    public void Detach(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    /// <summary>Disposes every timer.</summary>
    public void StopTimers()
    {
        GrainTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
            _timers.Clear();
        }

        Array.ForEach(timers, timer => timer.Dispose());
    }
}

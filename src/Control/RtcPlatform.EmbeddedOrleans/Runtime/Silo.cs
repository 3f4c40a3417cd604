using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Calls;
using RtcPlatform.EmbeddedOrleans.Observers;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>All grains of the process: who is in memory, and how a call reaches it.</summary>
internal sealed class Silo : IDisposable
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ILaneDispatcher _dispatcher;
    private int _lanes;
    private volatile bool _stopped;

    public Silo(
        IServiceProvider services,
        TimeProvider time,
        ILaneDispatcher dispatcher,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        ILogger<Silo> logger)
    {
        Services = services;
        Time = time;
        _dispatcher = dispatcher;
        Collection = collection.Value;
        Log = new SiloLog(logger);
        Pending = new PendingCalls(time, () => messaging.Value.ResponseTimeout);
        Factory = new GrainFactory(this);
        Observers = new ObserverDirectory(this);
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public GrainCollectionOptions Collection { get; }

    public PendingCalls Pending { get; }

    public GrainFactory Factory { get; }

    public GrainClasses Classes { get; } = new();

    public ObserverDirectory Observers { get; }

    public SiloLog Log { get; }

    /// <summary>How answers continue their callers.</summary>
    public TaskCreationOptions AnswerOptions => _dispatcher.AnswerOptions;

    /// <summary>The activations in memory, in the order of their start.</summary>
    public IReadOnlyList<Activation> Activations => [.. _activations.Values.OrderBy(a => a.Lane.Ordinal)];

    /// <summary>A scheduler for an activation, an observer or code outside of the grains.</summary>
    public Lane CreateLane(string name, IGrainContext? context) =>
        new(_dispatcher, name, Interlocked.Increment(ref _lanes)) { Context = context };

    /// <summary>Brings the call to the grain, which is started when it is not in memory.</summary>
    public void Deliver(GrainId target, Call call)
    {
        if (target.Type == ObserverDirectory.ObserverType)
        {
            Observers.Deliver(target, call);
            return;
        }

        while (!_stopped)
        {
            if (!_activations.TryGetValue(target, out var activation))
            {
                var grainClass = Classes.Of(target.Type);
                activation = _activations.GetOrAdd(target, id => new Activation(this, id, grainClass));
            }

            if (activation.TryReceive(call))
            {
                return;
            }

            Forget(activation);
        }

        call.Reject(new SiloUnavailableException("The silo has stopped"));
    }

    /// <summary>The activation, when the grain is in memory.</summary>
    public Activation? Find(GrainId id) => _activations.GetValueOrDefault(id);

    /// <summary>The activation has ended; the next call starts a new one.</summary>
    public void Forget(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));

    /// <summary>
    /// Ends every activation, with its farewell, and takes no calls any more. A grain that does not end before the cancellation
    /// is left behind, and that is logged.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The process stops.");

        // A farewell may call other grains and so start them again.
        for (var round = 0; round < 3 && !_activations.IsEmpty && !cancellationToken.IsCancellationRequested; round++)
        {
            var ending = Activations;
            foreach (var activation in ending)
            {
                activation.Deactivate(reason, cancellationToken);
            }

            var ended = Task.WhenAll(ending.Select(a => a.Deactivated));
            await Task.WhenAny(ended, Task.Delay(Timeout.Infinite, cancellationToken));
        }

        _stopped = true;
        foreach (var activation in Activations)
        {
            Log.LeftBehind(activation.GrainId);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stopped = true;
        Pending.Dispose();
    }
}

using Orleans;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Calls;
using RtcPlatform.EmbeddedOrleans.Scheduling;
using RtcPlatform.EmbeddedOrleans.Timers;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>One grain in memory, from its first call to its end.</summary>
internal sealed class Activation : CallTarget, IGrainContext
{
    private readonly TaskCompletionSource _deactivated;
    private readonly GrainObject _object;
    private readonly GrainClass _class;
    private GrainReference? _reference;
    private DeactivationReason _reason;
    private Phase _phase;
    private bool _ending;
    private DateTimeOffset _lastUse;
    private DateTimeOffset _keepUntil;

    public Activation(Silo silo, GrainId id, GrainClass grainClass)
    {
        Silo = silo;
        GrainId = id;
        _class = grainClass;
        _object = new GrainObject(this, grainClass);
        _deactivated = new(silo.AnswerOptions);
        _lastUse = silo.Time.GetUtcNow();
        Lane = silo.CreateLane(id.ToString(), this);
    }

    private enum Phase
    {
        Created,
        Activating,
        Active,
        Deactivating,
        Gone,
    }

    public Silo Silo { get; }

    public override Lane Lane { get; }

    public GrainId GrainId { get; }

    public object? GrainInstance => _object.Instance;

    public IServiceProvider ActivationServices => _object.Services;

    public Task Deactivated => _deactivated.Task;

    public GrainReference GrainReference => _reference ??= GrainReference.Untyped(Silo, GrainId);

    protected override bool Open => _phase == Phase.Active;

    protected override bool Gone => _phase == Phase.Gone;

    protected override bool Reentrant => _class.Reentrant;

    /// <summary>The runtime's side of a context that it made itself.</summary>
    public static Activation Of(IGrainContext context) => context as Activation
        ?? throw new InvalidOperationException($"{context.GetType()} is not a context of this runtime");

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (Gate)
        {
            if (_phase is Phase.Deactivating or Phase.Gone)
            {
                return;
            }

            _reason = deactivationReason;
            if (_phase is Phase.Created)
            {
                _phase = Phase.Gone;
                _deactivated.TrySetResult();
                return;
            }

            if (_phase is Phase.Activating)
            {
                _ending = true;
                return;
            }

            BeginDeactivating();
        }
    }

    /// <summary>Keeps the activation from being collected as idle for this long from now; infinite means for ever.</summary>
    public void DelayDeactivation(TimeSpan span)
    {
        var now = Silo.Time.GetUtcNow();
        lock (Gate)
        {
            _keepUntil = span == Timeout.InfiniteTimeSpan || span > DateTimeOffset.MaxValue - now
                ? DateTimeOffset.MaxValue
                : span <= TimeSpan.Zero ? default : now + span;
        }
    }

    /// <summary>Ends the activation when nothing used it for its collection age.</summary>
    public void CollectIfIdle()
    {
        var now = Silo.Time.GetUtcNow();
        lock (Gate)
        {
            if (_phase != Phase.Active || !Idle || now < _keepUntil || now - _lastUse < _class.CollectionAge(Silo))
            {
                return;
            }

            Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Not used for its collection age."));
        }
    }

    /// <summary>Ends the activation as the death of its process would: no farewell, state lost, callers told.</summary>
    public void Crash()
    {
        Call[] lost;
        lock (Gate)
        {
            _phase = Phase.Gone;
            Lane.Kill();
            lost = [.. TakeRunning(), .. TakeWaiting()];
        }

        _object.StopTimers();
        Silo.Forget(this);
        _deactivated.TrySetResult();
        var error = new SiloUnavailableException($"{GrainId} was lost; whether the call took effect is unknown");
        Array.ForEach(lost, call => call.Reject(error));
    }

    /// <summary>The timer ends with the activation.</summary>
    public void Attach(GrainTimer timer)
    {
        lock (Gate)
        {
            if (_phase is Phase.Gone)
            {
                throw new InvalidOperationException($"{GrainId} has ended, so it cannot have timers");
            }

            _object.Attach(timer);
        }
    }

    /// <summary>The timer has been disposed.</summary>
    public void Detach(GrainTimer timer) => _object.Detach(timer);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"[{GrainId} {_phase}]";

    protected override Task<Exception?> RunAsync(Call call) => call.RunAsync(GrainInstance!);

    protected override void OnReceived(Call call)
    {
        if (call.KeepsAlive)
        {
            _lastUse = Silo.Time.GetUtcNow();
        }

        if (_phase == Phase.Created)
        {
            _phase = Phase.Activating;
            Lane.Post(static state => _ = ((Activation)state!).ActivateAsync(), this);
        }
    }

    protected override void OnFinished(Call call, Exception? error)
    {
        if (call.KeepsAlive)
        {
            _lastUse = Silo.Time.GetUtcNow();
        }

        if (error is not null && _phase == Phase.Active)
        {
            // Its picture of the stored state is stale; a new activation reads it again.
            _reason = new DeactivationReason(DeactivationReasonCode.ApplicationError, error, "State conflict in storage.");
            BeginDeactivating();
        }
        else if (_phase == Phase.Deactivating && Quiet)
        {
            PostFarewell();
        }
    }

    private void BeginDeactivating()
    {
        _phase = Phase.Deactivating;
        if (Quiet)
        {
            PostFarewell();
        }
    }

    private void PostFarewell() => Lane.Post(static state => _ = ((Activation)state!).FarewellAsync(), this);

    private async Task ActivateAsync()
    {
        try
        {
            await _object.ActivateAsync();
        }
        catch (Exception exception)
        {
            await FailActivationAsync(exception);
            return;
        }

        lock (Gate)
        {
            if (_phase != Phase.Activating)
            {
                return;
            }

            _phase = Phase.Active;
            if (_ending)
            {
                BeginDeactivating();
            }
            else
            {
                StartWaiting();
            }
        }
    }

    private async Task FailActivationAsync(Exception exception)
    {
        Silo.Log.ActivationFailed(GrainId, exception);
        _object.StopTimers();
        Call[] waiting;
        lock (Gate)
        {
            _phase = Phase.Gone;
            waiting = TakeWaiting();
        }

        Silo.Forget(this);
        Array.ForEach(waiting, call => call.Reject(exception));
        await _object.DisposeAsync();
        _deactivated.TrySetResult();
    }

    private async Task FarewellAsync()
    {
        await _object.FarewellAsync(_reason);
        Call[] waiting;
        lock (Gate)
        {
            if (_phase == Phase.Gone)
            {
                return;
            }

            _phase = Phase.Gone;
            waiting = TakeWaiting();
        }

        Silo.Forget(this);
        foreach (var call in waiting.Where(c => c.Forwardable && !c.Abandoned))
        {
            Silo.Deliver(GrainId, call);
        }

        await _object.DisposeAsync();
        _deactivated.TrySetResult();
    }
}

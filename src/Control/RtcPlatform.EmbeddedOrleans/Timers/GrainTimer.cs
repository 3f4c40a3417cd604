using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Calls;
using RtcPlatform.EmbeddedOrleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Timers;

/// <summary>A timer whose ticks stand in the grain's queue like calls.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly ITimer _timer;
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    private GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.Time.CreateTimer(
                static state => ((GrainTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Starts a timer of the activation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative or above 2^32 - 2 ms.</exception>
    public static GrainTimer Start(
        Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        var timer = new GrainTimer(activation, callback, options);
        activation.Attach(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    /// <inheritdoc />
    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (_gate)
        {
            _changed = true;
            _due = dueTime;
            _period = period;
            if (!_ticking && !_ended.IsCancellationRequested)
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_ended.IsCancellationRequested)
        {
            _ended.Cancel();
        }

        _timer.Dispose();
        _activation.Detach(this);
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        // The limit of System.Threading.Timer.
        const long longest = 0xfffffffe;
        ArgumentOutOfRangeException.ThrowIfLessThan((long)dueTime.TotalMilliseconds, -1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)dueTime.TotalMilliseconds, longest, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan((long)period.TotalMilliseconds, -1, nameof(period));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)period.TotalMilliseconds, longest, nameof(period));
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_ended.IsCancellationRequested)
            {
                return;
            }

            _ticking = true;
            _changed = false;
        }

        _activation.TryReceive(new Tick(this));
    }

    private async Task<Exception?> RunAsync()
    {
        try
        {
            await _callback(_ended.Token);
        }
        catch (Exception exception)
        {
            _activation.Silo.Log.TimerFailed(_activation.GrainId, exception);
        }

        lock (_gate)
        {
            _ticking = false;
            if (!_ended.IsCancellationRequested)
            {
                _timer.Change(_changed ? _due : _period, Timeout.InfiniteTimeSpan);
            }
        }

        return null;
    }

    private sealed class Tick(GrainTimer timer) : Call
    {
        public override string Description => $"timer of {timer._activation.GrainId}";

        public override bool AlwaysInterleave => timer._options.Interleave;

        public override bool ReadOnly => false;

        public override bool KeepsAlive => timer._options.KeepAlive;

        public override bool Forwardable => false;

        public override bool Abandoned => timer._ended.IsCancellationRequested;

        public override Task<Exception?> RunAsync(object target) => timer.RunAsync();

        public override void Reject(Exception exception)
        {
            // Nobody waits for a tick; it is lost with its activation.
        }
    }
}

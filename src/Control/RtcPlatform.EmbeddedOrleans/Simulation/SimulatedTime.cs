namespace RtcPlatform.EmbeddedOrleans.Simulation;

/// <summary>A clock that moves only when told. Timers that are due at the same instant fire in an order drawn from the seed.</summary>
internal sealed class SimulatedTime(Random random) : TimeProvider
{
    private readonly SortedSet<SimulatedTimer> _armed = new(Comparer<SimulatedTimer>.Create(Compare));
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _created;

    /// <summary>When the next timer is due; null when none is.</summary>
    public DateTimeOffset? NextDue => _armed.Min?.Due;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => _now;

    /// <inheritdoc />
    public override long GetTimestamp() => _now.Ticks;

    /// <summary>Moves the clock, firing nothing.</summary>
    public void MoveTo(DateTimeOffset instant) => _now = instant > _now ? instant : _now;

    /// <summary>Moves to the next timer and fires it.</summary>
    public void FireNext()
    {
        if (_armed.Min is not { } timer)
        {
            return;
        }

        _armed.Remove(timer);
        MoveTo(timer.Due);
        timer.Fire();
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state, _created++);
        timer.Change(dueTime, period);
        return timer;
    }

    private static int Compare(SimulatedTimer a, SimulatedTimer b)
    {
        var byDue = a.Due.CompareTo(b.Due);
        if (byDue != 0)
        {
            return byDue;
        }

        var byLot = a.Lot.CompareTo(b.Lot);
        return byLot != 0 ? byLot : a.Number.CompareTo(b.Number);
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state, long number) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public DateTimeOffset Due { get; private set; }

        public int Lot { get; private set; }

        public long Number { get; } = number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._armed.Remove(this);
            if (_disposed)
            {
                return false;
            }

            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(dueTime);
            }

            return true;
        }

        public void Fire()
        {
            if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
            {
                Arm(_period);
            }

            callback(state);
        }

        public void Dispose()
        {
            _disposed = true;
            time._armed.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan after)
        {
            Due = time._now + after;
            Lot = time.Draw();
            time._armed.Add(this);
        }
    }

    private int Draw() => random.Next();
}

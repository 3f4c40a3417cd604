namespace RtcPlatform.EmbeddedOrleans.Calls;

/// <summary>
/// The calls that wait for an answer, in the order of their deadlines. All have the same patience, so that order is the order
/// of sending, and one timer for the oldest is enough.
/// </summary>
internal sealed class PendingCalls : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Func<TimeSpan> _patience;
    private readonly ITimer _timer;
    private Entry? _oldest;
    private Entry? _newest;
    private bool _armed;

    /// <summary>Nothing pending yet.</summary>
    public PendingCalls(TimeProvider time, Func<TimeSpan> patience)
    {
        _time = time;
        _patience = patience;
        _timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>One call's place in the list.</summary>
    internal sealed class Entry(Call call, long sent, TimeSpan patience)
    {
        public Call Call { get; } = call;

        public long Sent { get; } = sent;

        public TimeSpan Patience { get; } = patience;

        public Entry? Older { get; set; }

        public Entry? Newer { get; set; }

        public bool Listed { get; set; } = true;
    }

    /// <summary>The call waits from now on.</summary>
    public Entry Add(Call call)
    {
        var entry = new Entry(call, _time.GetTimestamp(), _patience());
        lock (_gate)
        {
            entry.Older = _newest;
            if (_newest is null)
            {
                _oldest = entry;
            }
            else
            {
                _newest.Newer = entry;
            }

            _newest = entry;
            if (!_armed)
            {
                _armed = true;
                _timer.Change(entry.Patience, Timeout.InfiniteTimeSpan);
            }
        }

        return entry;
    }

    /// <summary>The call has its answer.</summary>
    public void Remove(Entry entry)
    {
        lock (_gate)
        {
            Unlink(entry);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Expire()
    {
        while (true)
        {
            Entry entry;
            lock (_gate)
            {
                if (_oldest is null)
                {
                    _armed = false;
                    return;
                }

                entry = _oldest;
                var left = entry.Patience - _time.GetElapsedTime(entry.Sent);
                if (left > TimeSpan.Zero)
                {
                    // Timers count whole milliseconds; rounding down would wake up too early, again and again.
                    _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                    return;
                }

                Unlink(entry);
            }

            entry.Call.Reject(new TimeoutException(
                $"No answer in {entry.Patience} to {entry.Call.Description}. Calls in a circle (A calls B, B calls A) wait for"
                + " each other until this timeout."));
        }
    }

    private void Unlink(Entry entry)
    {
        if (!entry.Listed)
        {
            return;
        }

        entry.Listed = false;
        if (entry.Older is null)
        {
            _oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }
    }
}

using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Simulation;

/// <summary>Keeps the lanes that have work, and runs one piece of one of them at a time, drawn from the seed.</summary>
internal sealed class SimulatedDispatcher(Random random) : ILaneDispatcher
{
    private const int HistoryLength = 60;

    private readonly List<Lane> _ready = [];
    private readonly Queue<string> _history = new();
    private readonly Lock _gate = new();
    private readonly int _owner = Environment.CurrentManagedThreadId;
    private string? _escape;

    /// <summary>How many pieces of work have run.</summary>
    public long Steps { get; private set; }

    /// <summary>A number that depends on which lane ran at which step.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>The lanes that ran last, oldest first.</summary>
    public IReadOnlyCollection<string> History => _history;

    /// <inheritdoc />
    public TaskCreationOptions AnswerOptions => TaskCreationOptions.None;

    /// <inheritdoc />
    public void Ready(Lane lane)
    {
        lock (_gate)
        {
            _ready.Add(lane);
        }
    }

    /// <inheritdoc />
    public void Queued(Lane lane)
    {
        if (Environment.CurrentManagedThreadId != _owner)
        {
            Interlocked.CompareExchange(ref _escape, $"{lane.Name}\n{Environment.StackTrace}", null);
        }
    }

    /// <summary>Runs one piece of work.</summary>
    /// <returns>False when no lane has any.</returns>
    /// <exception cref="SimulationException">Work came from another thread, so that the order is not reproducible.</exception>
    public bool Step()
    {
        ThrowIfEscaped();
        Lane lane;
        lock (_gate)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var drawn = random.Next(_ready.Count);
            lane = _ready[drawn];
            _ready[drawn] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
        }

        Record(lane);
        if (lane.RunOne())
        {
            Ready(lane);
        }

        return true;
    }

    /// <summary>Reports work that came from a thread the simulation does not own.</summary>
    public void ThrowIfEscaped()
    {
        if (_escape is { } where)
        {
            throw new SimulationException(
                "Work came from a foreign thread, so the order is not reproducible. Code under simulation must not use Task.Run,"
                + $" ConfigureAwait(false), real timers or real I/O. It was meant for {where}");
        }
    }

    private void Record(Lane lane)
    {
        Steps++;
        Fingerprint = (Fingerprint ^ (ulong)lane.Ordinal) * 1099511628211;
        _history.Enqueue(lane.Name);
        if (_history.Count > HistoryLength)
        {
            _history.Dequeue();
        }
    }
}

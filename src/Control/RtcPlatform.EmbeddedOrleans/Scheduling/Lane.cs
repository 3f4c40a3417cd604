namespace RtcPlatform.EmbeddedOrleans.Scheduling;

/// <summary>
/// The scheduler of one activation: its work runs in order, one piece at a time, whichever thread carries it. Continuations
/// of grain code come back here because the await captures <see cref="TaskScheduler.Current"/>.
/// </summary>
internal sealed class Lane(ILaneDispatcher dispatcher, string name, int ordinal) : TaskScheduler, IThreadPoolWorkItem
{
    private const int SliceLength = 64;

    [ThreadStatic]
    private static Lane? running;

    [ThreadStatic]
    private static bool answering;

    private readonly Lock _gate = new();
    private readonly Queue<Task> _work = new();
    private bool _ready;
    private bool _dead;

    /// <summary>What the lane belongs to, for people.</summary>
    public string Name { get; } = name;

    /// <summary>Number in order of creation, the same in every run of a simulation.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>The context that grain code finds as its own while the lane runs.</summary>
    public Orleans.Runtime.IGrainContext? Context { get; init; }

    /// <summary>The lane whose work the current thread is running.</summary>
    public static Lane? Running => running;

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs the action as one turn, without the ambient state of whoever queues it.</summary>
    public void Post(Action<object?> action, object? state)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            new Task(action, state).Start(this);
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            new Task(action, state).Start(this);
        }
    }

    /// <summary>Completes an answer so that nothing of its caller runs inside of the turn that answers.</summary>
    public static void Answer<T>(TaskCompletionSource<T> answer, T result)
    {
        var outer = answering;
        answering = true;
        answer.TrySetResult(result);
        answering = outer;
    }

    /// <summary>Like <see cref="Answer{T}"/>, with an error.</summary>
    public static void AnswerWith<T>(TaskCompletionSource<T> answer, Exception exception)
    {
        var outer = answering;
        answering = true;
        answer.TrySetException(exception);
        answering = outer;
    }

    /// <summary>Ends the lane: what is queued and what will be queued never runs.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _dead = true;
            _work.Clear();
        }
    }

    /// <summary>Runs one piece of work.</summary>
    /// <returns>Whether more is waiting; when not, the dispatcher is told anew by the next piece.</returns>
    public bool RunOne()
    {
        Task? task;
        lock (_gate)
        {
            if (!_work.TryDequeue(out task))
            {
                _ready = false;
                return false;
            }
        }

        var outer = running;
        running = this;
        try
        {
            TryExecuteTask(task);
        }
        finally
        {
            running = outer;
        }

        lock (_gate)
        {
            _ready = _work.Count > 0;
            return _ready;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < SliceLength; i++)
        {
            if (!RunOne())
            {
                return;
            }
        }

        dispatcher.Ready(this);
    }

    /// <inheritdoc />
    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (_dead)
            {
                return;
            }

            _work.Enqueue(task);
            dispatcher.Queued(this);
            if (_ready)
            {
                return;
            }

            _ready = true;
        }

        dispatcher.Ready(this);
    }

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && !answering && ReferenceEquals(running, this) && !Volatile.Read(ref _dead) && TryExecuteTask(task);

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return _work.ToArray();
        }
    }
}

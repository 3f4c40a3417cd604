namespace RtcPlatform.EmbeddedOrleans.Scheduling;

/// <summary>Decides when and on which thread a lane with work runs: the thread pool in a process, a seeded choice in simulation.</summary>
internal interface ILaneDispatcher
{
    /// <summary>The lane has work and is not running. Called once until <see cref="Lane.RunOne"/> reports it empty.</summary>
    void Ready(Lane lane);

    /// <summary>
    /// How answers of calls continue their callers. On the thread pool: apart from the turn that answers. In simulation: each
    /// on its own lane, because with <see cref="TaskCreationOptions.RunContinuationsAsynchronously"/> <c>Task.WhenAll</c> would
    /// do its bookkeeping on the thread pool.
    /// </summary>
    TaskCreationOptions AnswerOptions { get; }

    /// <summary>Work was handed to a lane; lets simulation see work that comes from threads it does not own.</summary>
    void Queued(Lane lane);
}

/// <summary>Runs lanes on the thread pool, each at most for a slice before others get their turn.</summary>
internal sealed class ThreadPoolDispatcher : ILaneDispatcher
{
    /// <inheritdoc />
    public TaskCreationOptions AnswerOptions => TaskCreationOptions.RunContinuationsAsynchronously;

    /// <inheritdoc />
    public void Ready(Lane lane) => ThreadPool.UnsafeQueueUserWorkItem(lane, preferLocal: false);

    /// <inheritdoc />
    public void Queued(Lane lane)
    {
    }
}

using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Calls;

/// <summary>Something a target runs as a turn: a method call of another grain, or a timer's tick.</summary>
internal abstract class Call
{
    /// <summary>What the call is, for error messages.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it may start while any other call is in progress.</summary>
    public abstract bool AlwaysInterleave { get; }

    /// <summary>Whether it may start beside others that change nothing either.</summary>
    public abstract bool ReadOnly { get; }

    /// <summary>Whether its arrival counts as use of the activation.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>Whether it follows its grain into a new activation when this one ends before it was started.</summary>
    public virtual bool Forwardable => true;

    /// <summary>Whether nobody waits for it any more, so that it need not be started.</summary>
    public abstract bool Abandoned { get; }

    /// <summary>Runs the call on the target's object and answers the caller.</summary>
    /// <returns>Completes when the call is done; faults only with what the activation itself must react to.</returns>
    public abstract Task<Exception?> RunAsync(object target);

    /// <summary>Answers the caller with an error instead of running.</summary>
    public abstract void Reject(Exception exception);
}

/// <summary>A call of an interface's method, with an answer of type <typeparamref name="T"/>.</summary>
internal sealed class MethodCall<T>(Silo silo, GrainMethod<T> method, GrainId target, object?[] arguments) : Call
{
    private readonly TaskCompletionSource<T>? _answer =
        method.OneWay ? null : new TaskCompletionSource<T>(silo.AnswerOptions);

    private PendingCalls.Entry? _pending;

    /// <summary>What the caller awaits; complete from the start when the method is one-way.</summary>
    public Task<T> Answer => _answer?.Task ?? GrainMethod<T>.Nothing;

    public override string Description => $"{method.Name} on {target}";

    public override bool AlwaysInterleave => method.AlwaysInterleave;

    public override bool ReadOnly => method.ReadOnly;

    public override bool Abandoned => _answer is { Task.IsCompleted: true };

    /// <summary>Starts the clock of the caller's patience.</summary>
    public void StartTimeout()
    {
        if (_answer is not null)
        {
            _pending = silo.Pending.Add(this);
        }
    }

    public override Task<Exception?> RunAsync(object target)
    {
        Task<T> running;
        try
        {
            running = method.Invoke(target, arguments);
        }
        catch (Exception exception)
        {
            return Task.FromResult(Failed(exception));
        }

        return running.IsCompletedSuccessfully ? Completed(running.Result) : Await(running);
    }

    public override void Reject(Exception exception)
    {
        Settle();
        if (_answer is null)
        {
            silo.Log.OneWayCallFailed(Description, exception);
            return;
        }

        Lane.AnswerWith(_answer, exception);
    }

    private async Task<Exception?> Await(Task<T> running)
    {
        T result;
        try
        {
            result = await running;
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }

        return await Completed(result);
    }

    private Task<Exception?> Completed(T result)
    {
        if (_answer is null)
        {
            return NoError;
        }

        try
        {
            var copy = method.CopyResult(result);
            Settle();
            Lane.Answer(_answer, copy);
            return NoError;
        }
        catch (Exception exception)
        {
            return Task.FromResult(Failed(exception));
        }
    }

    private Exception? Failed(Exception exception)
    {
        // The activation looks at the error before its caller can have it.
        var own = exception is Orleans.Storage.InconsistentStateException { IsSourceActivation: true } conflict ? conflict : null;
        if (own is not null)
        {
            own.IsSourceActivation = false;
        }

        Reject(exception);
        return own;
    }

    private void Settle()
    {
        if (_pending is { } pending)
        {
            silo.Pending.Remove(pending);
        }
    }

    private static readonly Task<Exception?> NoError = Task.FromResult<Exception?>(null);
}

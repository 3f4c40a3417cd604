using RtcPlatform.EmbeddedOrleans.Calls;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>
/// Admits calls one after the other: the next one starts when the one before is done, not when it first awaits, unless the
/// rules of interleaving allow it. Waiting calls start in the order of their arrival.
/// </summary>
internal abstract class CallTarget
{
    private readonly LinkedList<Call> _waiting = new();
    private readonly List<Call> _running = [];

    /// <summary>Guards the queue and the life cycle of the derived class.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Where the calls run.</summary>
    public abstract Lane Lane { get; }

    /// <summary>Whether calls may start now. Asked under the gate.</summary>
    protected abstract bool Open { get; }

    /// <summary>Whether calls may not even wait here. Asked under the gate.</summary>
    protected abstract bool Gone { get; }

    /// <summary>Whether all calls may interleave.</summary>
    protected abstract bool Reentrant { get; }

    /// <summary>Whether no call runs or waits. Asked under the gate.</summary>
    protected bool Idle => _running.Count == 0 && _waiting.Count == 0;

    /// <summary>Whether no call runs. Asked under the gate.</summary>
    protected bool Quiet => _running.Count == 0;

    /// <summary>Takes the call, to run now or later.</summary>
    /// <returns>False when the target is gone and the sender must look for its successor.</returns>
    public bool TryReceive(Call call)
    {
        lock (Gate)
        {
            if (Gone)
            {
                return false;
            }

            OnReceived(call);
            if (Open && MayStart(call))
            {
                Start(call);
            }
            else
            {
                _waiting.AddLast(call);
            }

            return true;
        }
    }

    /// <summary>Runs the call on the target's object.</summary>
    protected abstract Task<Exception?> RunAsync(Call call);

    /// <summary>A call has arrived. Under the gate.</summary>
    protected virtual void OnReceived(Call call)
    {
    }

    /// <summary>A call is done. Under the gate, before others start.</summary>
    protected virtual void OnFinished(Call call, Exception? error)
    {
    }

    /// <summary>Starts the waiting calls that may start. Under the gate.</summary>
    protected void StartWaiting()
    {
        var node = _waiting.First;
        while (node is not null && Open)
        {
            var next = node.Next;
            if (node.Value.Abandoned)
            {
                _waiting.Remove(node);
            }
            else if (MayStart(node.Value))
            {
                _waiting.Remove(node);
                Start(node.Value);
            }

            node = next;
        }
    }

    /// <summary>Takes away all calls that have not started. Under the gate.</summary>
    protected Call[] TakeWaiting()
    {
        var calls = _waiting.ToArray();
        _waiting.Clear();
        return calls;
    }

    /// <summary>Takes away all calls that have started. Under the gate.</summary>
    protected Call[] TakeRunning()
    {
        var calls = _running.ToArray();
        _running.Clear();
        return calls;
    }

    private bool MayStart(Call call)
    {
        if (Reentrant || call.AlwaysInterleave)
        {
            return true;
        }

        foreach (var other in _running)
        {
            if (!other.AlwaysInterleave && !(call.ReadOnly && other.ReadOnly))
            {
                return false;
            }
        }

        return true;
    }

    private void Start(Call call)
    {
        _running.Add(call);
        Lane.Post(static state => ((Turn)state!).Begin(), new Turn(this, call));
    }

    private void Finish(Call call, Exception? error)
    {
        lock (Gate)
        {
            if (_running.Remove(call))
            {
                OnFinished(call, error);
                StartWaiting();
            }
        }
    }

    private sealed class Turn(CallTarget target, Call call)
    {
        public void Begin()
        {
            if (call.Abandoned)
            {
                target.Finish(call, null);
                return;
            }

            var run = target.RunAsync(call);
            if (run.IsCompletedSuccessfully)
            {
                target.Finish(call, run.Result);
            }
            else
            {
                _ = End(run);
            }
        }

        private async Task End(Task<Exception?> run) => target.Finish(call, await run);
    }
}

using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.MediaNode;

/// <summary>The requests that a node has not answered yet.</summary>
internal sealed class NodeRequests
{
    public static readonly SignalError Lost =
        new(SignalErrorCode.MediaNodeLost, "The media node does not answer; it is replaced, try again in a moment.");

    private readonly Dictionary<string, Outstanding> _byId = new(StringComparer.Ordinal);

    public int Count => _byId.Count;

    /// <summary>The answer, or <see cref="Lost"/> after <see cref="Expire"/> or <see cref="FailAll"/>.</summary>
    public Task<Outcome<byte[]>> Add(string id, DateTimeOffset deadline)
    {
        var outstanding = new Outstanding(deadline);
        if (!_byId.TryAdd(id, outstanding))
        {
            return Task.FromResult<Outcome<byte[]>>(
                new SignalError(SignalErrorCode.Internal, "A request with the same id is under way."));
        }

        return outstanding.Answer.Task;
    }

    /// <summary>False when nobody waits any more.</summary>
    public bool Complete(string id, byte[] response)
    {
        if (!_byId.Remove(id, out Outstanding? outstanding))
        {
            return false;
        }

        outstanding.Answer.SetResult(response);
        return true;
    }

    public int Expire(DateTimeOffset now)
    {
        string[] overdue = [.. _byId.Where(entry => entry.Value.Deadline <= now).Select(entry => entry.Key)];
        foreach (string id in overdue)
        {
            Fail(id);
        }

        return overdue.Length;
    }

    public void FailAll()
    {
        foreach (string id in _byId.Keys.ToArray())
        {
            Fail(id);
        }
    }

    private void Fail(string id)
    {
        if (_byId.Remove(id, out Outstanding? outstanding))
        {
            outstanding.Answer.SetResult(Lost);
        }
    }

    private sealed class Outstanding(DateTimeOffset deadline)
    {
        public DateTimeOffset Deadline { get; } = deadline;

        public TaskCompletionSource<Outcome<byte[]>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

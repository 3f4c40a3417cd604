namespace RtcPlatform.Grains.Delivery;

/// <summary>
/// Sends items one after another without making the grain wait: the next goes out when the one before has arrived. Lives
/// inside one grain activation, whose scheduler runs it.
/// </summary>
/// <param name="send">One item; may fail.</param>
/// <param name="failed">Told of every failure; the rest is still sent unless <see cref="Stop"/> is called.</param>
/// <param name="capacity">Items that may wait; more means that the receiver is gone or hopelessly slow.</param>
internal sealed class OrderedSender<T>(Func<T, Task> send, Action<Exception> failed, int capacity)
{
    private readonly Queue<T> _waiting = new();
    private bool _running;
    private bool _stopped;

    /// <summary>False when too many wait, or when stopped.</summary>
    public bool TryPost(T item)
    {
        if (_stopped || _waiting.Count >= capacity)
        {
            return false;
        }

        _waiting.Enqueue(item);
        if (!_running)
        {
            _running = true;
            _ = DrainAsync();
        }

        return true;
    }

    /// <summary>Nothing further is taken; what waits is dropped.</summary>
    public void Stop()
    {
        _stopped = true;
        _waiting.Clear();
    }

    /// <summary>Nothing further is taken; what waits is still sent.</summary>
    public void Complete() => _stopped = true;

    private async Task DrainAsync()
    {
        while (_waiting.TryDequeue(out T? item))
        {
            try
            {
                await send(item);
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }

        _running = false;
    }
}

using RtcPlatform.LoadGenerator.Signaling;
using RtcPlatform.MediaClient;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Runs many joins, some at a time, or so many each second. Those that fail are noted; the others go on.</summary>
internal sealed class JoinQueue(int concurrency)
{
    private readonly List<string> _failures = [];
    private readonly Lock _lock = new();

    public int Failed
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>Null when nothing failed.</summary>
    public string? FirstFailure
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count > 0 ? _failures[0] : null;
            }
        }
    }

    /// <param name="perSecond">0 = as fast as the concurrency lets.</param>
    public async Task Run(IEnumerable<Func<Task>> joins, double perSecond, CancellationToken cancellation)
    {
        using var gate = new SemaphoreSlim(concurrency);
        var running = new List<Task>();
        MonoTime start = MonoClock.Now;
        foreach (Func<Task> join in joins)
        {
            if (perSecond > 0)
            {
                TimeSpan wait = start + (TimeSpan.FromSeconds(1) / perSecond * running.Count) - MonoClock.Now;
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellation);
            }

            await gate.WaitAsync(cancellation);
            running.Add(Task.Run(() => Join(join, gate), cancellation));
        }

        await Task.WhenAll(running);
    }

    private async Task Join(Func<Task> join, SemaphoreSlim gate)
    {
        try
        {
            await join();
        }
        catch (Exception error) when (error is SignalingException or MediaException or IOException)
        {
            lock (_lock)
            {
                _failures.Add(error.Message);
            }
        }
        finally
        {
            gate.Release();
        }
    }
}

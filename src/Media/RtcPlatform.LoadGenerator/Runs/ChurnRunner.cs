using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Lets subscribers join and leave again, so many each second, beside those who stay.</summary>
internal sealed class ChurnRunner(LoadPlan plan, SessionHost host, LoadCast cast)
{
    // They wait for the stay of others, so more may be there at once than join at once.
    private readonly JoinQueue _queue = new(Math.Max(plan.Concurrency, (int)(plan.Churn * (plan.ChurnStay.TotalSeconds + 5))));
    private readonly List<LoadSession> _sessions = [];
    private readonly Lock _lock = new();
    private int _left;
    private long _gaps;

    /// <summary>Runs for the duration of the measurement, then until the last one has left.</summary>
    public Task Run(CancellationToken cancellation)
    {
        var count = (int)Math.Ceiling(plan.Churn * plan.Duration.TotalSeconds);
        return _queue.Run(
            Enumerable.Range(0, count).Select(i => (Func<Task>)(() => Visit(i, cancellation))), plan.Churn, cancellation);
    }

    public ChurnResult Result()
    {
        lock (_lock)
        {
            return new ChurnResult(
                plan.Churn,
                _sessions.Count,
                _left,
                _queue.Failed,
                _queue.FirstFailure,
                _gaps,
                Counting.Since(_sessions, static t => t.Connected),
                Counting.Since(_sessions, static t => t.FirstPacket),
                Percentiles.Of(Counting.Merge(host.Loops.Select(static l => l.Meter.Passing))));
        }
    }

    private async Task Visit(int index, CancellationToken cancellation)
    {
        LoadClient client = await cast.JoinPassing(index, cancellation);
        lock (_lock)
        {
            _sessions.AddRange(client.Sessions);
        }

        await Task.Delay(plan.ChurnStay, cancellation);
        long gaps = client.Received.Sum(static r => r.Missing);
        await cast.Leave(client, cancellation);
        lock (_lock)
        {
            _left++;
            _gaps += gaps;
        }
    }
}

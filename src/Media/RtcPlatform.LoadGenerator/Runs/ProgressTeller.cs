using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Looks once a second and tells how the run is going.</summary>
internal sealed class ProgressTeller : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SessionHost _host;
    private readonly LoadCast _cast;
    private readonly IProgress<LoadProgress> _progress;
    private readonly CancellationTokenSource _stop = new();
    private readonly MonoTime _start = MonoClock.Now;
    private readonly Task _running;
    private volatile string _doing = "";

    public ProgressTeller(SessionHost host, LoadCast cast, IProgress<LoadProgress> progress)
    {
        _host = host;
        _cast = cast;
        _progress = progress;
        _running = Task.Run(Run);
    }

    /// <summary>What is being done now.</summary>
    public string Doing
    {
        set => _doing = value;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task Run()
    {
        try
        {
            Look before = Take();
            while (true)
            {
                await Task.Delay(Interval, _stop.Token);
                Look now = Take();
                _progress.Report(Compare(before, now));
                before = now;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (ArgumentException error)
        {
            // A watched process is gone; the measurement will say so as its own failure.
            _doing = error.Message;
        }
    }

    private Look Take() => new(
        WatchedProcesses.Read(_host.Plan.Processes),
        _host.Loops.Sum(static l => l.Meter.Packets),
        _host.Loops.Sum(static l => l.Meter.Octets),
        Counting.Merge(_host.Loops.SelectMany(static l => new[] { l.Meter.Audio, l.Meter.Video })));

    private LoadProgress Compare(Look before, Look now)
    {
        TimeSpan span = now.Processes.At - before.Processes.At;
        Histogram latency = now.Latency.Count >= before.Latency.Count ? now.Latency.Since(before.Latency) : now.Latency;
        CpuUse tool = CpuUse.Between(before.Processes.Tool, now.Processes.Tool, span);
        LoadClient[] subscribers = _cast.Subscribers;
        return new LoadProgress(
            now.Processes.At - _start,
            _doing,
            _cast.Publishers.Length,
            subscribers.Length,
            (now.Packets - before.Packets) / span.TotalSeconds,
            (now.Octets - before.Octets) * 8 / span.TotalSeconds / 1e6,
            Counting.Sum(subscribers, static r => r.Missing),
            latency.Percentile(0.5) / 1e6,
            latency.Percentile(0.99) / 1e6,
            before.Processes.Servers.Zip(now.Processes.Servers).Sum(s => CpuUse.Between(s.First, s.Second, span).Cores),
            tool.Threads.Where(static t => t.Name == SessionHost.ReceiveName).Sum(static t => t.Cores));
    }

    private sealed record Look(WatchedProcesses Processes, long Packets, long Octets, Histogram Latency);
}

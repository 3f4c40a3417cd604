using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Receiving;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Sending;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>One span during which everything is counted, and what was found in it.</summary>
internal sealed class Measurement
{
    // Packets that were sent in the span may arrive this much later; what comes later still is lost to any player.
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(500);

    private readonly SessionHost _host;
    private readonly LoadCast _cast;
    private WatchedProcesses _before = null!;
    private WatchedProcesses _after = null!;
    private long _packets;
    private long _octets;
    private long _sent;

    private Measurement(SessionHost host, LoadCast cast)
    {
        _host = host;
        _cast = cast;
    }

    public TimeSpan Span => _after.At - _before.At;

    public WatchedProcesses Before => _before;

    public WatchedProcesses After => _after;

    /// <summary>Received by all subscribers.</summary>
    public long Packets => _packets;

    public double IdleShare => _after.IdleShareSince(_before);

    /// <summary>Measures for the plan's duration; <paramref name="during"/> runs meanwhile and may end later.</summary>
    public static async Task<Measurement> Run(
        SessionHost host, LoadCast cast, Func<Task>? during, CancellationToken cancellation)
    {
        var measurement = new Measurement(host, cast);
        PublishedStream[] streams = [.. Counting.Streams(cast.Publishers)];
        foreach (ReceiveLoop loop in host.Loops)
        {
            loop.Meter.Clear();
        }

        host.Send.Lateness.Clear();
        foreach (LoadClient subscriber in cast.Subscribers)
        {
            foreach (var received in subscriber.Received)
            {
                received.Restart();
            }
        }

        Array.ForEach(streams, static s => s.BeginMeasurement());
        measurement.Begin(streams);
        Task running = during?.Invoke() ?? Task.CompletedTask;
        await Task.Delay(host.Plan.Duration, cancellation);
        measurement.End(streams);
        Array.ForEach(streams, static s => s.EndMeasurement());
        await Task.Delay(Drain, cancellation);
        await running;
        return measurement;
    }

    public MediaResult Media()
    {
        LoadClient[] subscribers = _cast.Subscribers;
        LoadClient[] publishers = _cast.Publishers;
        (long expected, long received) = Counting.Delivered(subscribers);
        PublishedStream[] streams = [.. Counting.Streams(publishers)];
        Histogram audio = Counting.Merge(_host.Loops.Select(static l => l.Meter.Audio));
        Histogram video = Counting.Merge(_host.Loops.Select(static l => l.Meter.Video));
        var sessions = subscribers.Concat(publishers).SelectMany(static c => c.Sessions).ToArray();
        double seconds = Span.TotalSeconds;
        return new MediaResult(
            Math.Round(_packets / seconds, 1),
            Math.Round(_octets * 8 / seconds / 1e6, 2),
            Math.Round(_sent / seconds, 1),
            expected,
            received,
            expected == 0 ? 0 : Math.Max(0, 1 - ((double)received / expected)),
            Counting.Sum(subscribers, static r => r.Damaged),
            Counting.Sum(subscribers, static r => r.Misrouted),
            Counting.Sum(subscribers, static r => r.Late),
            Counting.Sum(subscribers, static r => r.Duplicates),
            sessions.Sum(static s => s.Transport?.Undecryptable ?? 0),
            sessions.Sum(static s => s.Unexpected),
            streams.Sum(static s => s.KeyFrameRequests),
            streams.Sum(static s => s.Retransmitted),
            subscribers.SelectMany(static s => s.Received).Count(static r => !r.HasStarted),
            sessions.Count(static s => s.HasFailed),
            Percentiles.Of(Counting.Merge([audio, video])),
            Percentiles.Of(audio),
            Percentiles.Of(video));
    }

    /// <param name="empty">Before the first subscriber joined.</param>
    /// <param name="full">After the last one.</param>
    public IReadOnlyList<ProcessResult> Processes(WatchedProcesses empty, WatchedProcesses full)
    {
        int subscribers = Math.Max(1, _cast.Subscribers.Length);
        return [.. _host.Plan.Processes.Select((watched, i) =>
        {
            CpuUse cpu = CpuUse.Between(_before.Servers[i], _after.Servers[i], Span);
            ProcessSample now = _after.Servers[i];
            ProcessSample then = empty.Servers[i];
            long joining = CpuUse.Between(then, full.Servers[i], full.At - empty.At).Nanoseconds;
            return new ProcessResult(
                watched.Name,
                watched.Pid,
                now.AllowedCpus,
                cpu,
                _packets == 0 ? 0 : Math.Round((double)cpu.Nanoseconds / _packets, 1),
                Math.Round(joining / 1e6 / subscribers, 3),
                now.ResidentKib,
                now.ProportionalKib,
                Math.Round((double)(now.ResidentKib - then.ResidentKib) / subscribers, 2),
                Math.Round((double)(now.ProportionalKib - then.ProportionalKib) / subscribers, 2));
        })];
    }

    public ToolResult Tool()
    {
        CpuUse cpu = CpuUse.Between(_before.Tool, _after.Tool, Span);
        ThreadUse[] receiving = [.. cpu.Threads.Where(static t => t.Name == SessionHost.ReceiveName)];
        double cores = receiving.Sum(static t => t.Cores);
        return new ToolResult(
            cpu,
            receiving.Length == 0 ? 0 : receiving.Max(static t => t.Cores),
            cpu.Threads.Where(static t => t.Name == SessionHost.SendName).Sum(static t => t.Cores),
            _packets == 0 ? 0 : Math.Round(cores * Span.TotalNanoseconds / _packets, 1),
            Percentiles.Of(_host.Send.Lateness),
            _host.Loops.Sum(static l => l.Pool.Overflow),
            _host.Loops.Sum(static l => l.Pool.SendErrors));
    }

    private void Begin(PublishedStream[] streams)
    {
        _before = WatchedProcesses.Read(_host.Plan.Processes);
        _packets = -_host.Loops.Sum(static l => l.Meter.Packets);
        _octets = -_host.Loops.Sum(static l => l.Meter.Octets);
        _sent = -streams.Sum(static s => (long)s.NextNumber);
    }

    private void End(PublishedStream[] streams)
    {
        _packets += _host.Loops.Sum(static l => l.Meter.Packets);
        _octets += _host.Loops.Sum(static l => l.Meter.Octets);
        _sent += streams.Sum(static s => (long)s.NextNumber);
        _after = WatchedProcesses.Read(_host.Plan.Processes);
    }
}

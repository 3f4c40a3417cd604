using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>A whole run: publishers join, subscribers join, media warms up, is measured, everybody leaves.</summary>
public sealed class LoadRun
{
    // Room for the leaving who still hold their socket.
    private const int SpareSockets = 256;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLeave = TimeSpan.FromSeconds(20);

    private readonly LoadPlan _plan;
    private readonly SessionHost _host;
    private readonly LoadCast _cast;
    private readonly ProgressTeller _teller;
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private WatchedProcesses _empty = null!;
    private WatchedProcesses _full = null!;

    private LoadRun(LoadPlan plan, SessionHost host, LoadCast cast, ProgressTeller teller)
    {
        _plan = plan;
        _host = host;
        _cast = cast;
        _teller = teller;
    }

    /// <param name="progress">Told once a second, on any thread.</param>
    /// <exception cref="ArgumentException">The plan cannot be carried out; the message says why.</exception>
    /// <exception cref="Signaling.SignalingException">The server refuses publishers, or every subscriber.</exception>
    /// <exception cref="IOException">No sockets.</exception>
    public static async Task<LoadReport> Run(LoadPlan plan, IProgress<LoadProgress> progress, CancellationToken cancellation)
    {
        plan.Validate();

        // A process that is not there is told before anybody joins.
        _ = WatchedProcesses.Read(plan.Processes);
        using var host = new SessionHost(plan, Sockets(plan));
        using ISessionMaker maker = plan.Target is { } target
            ? await WebRtcSessions.Create(host, target, cancellation)
            : new FloorSessions(host, plan.Floor!);
        var cast = new LoadCast(plan, maker);
        await using var teller = new ProgressTeller(host, cast, progress);
        var run = new LoadRun(plan, host, cast, teller);
        try
        {
            return await run.Run(cancellation);
        }
        finally
        {
            teller.Doing = "everybody leaves";
            using var patience = new CancellationTokenSource(LongestLeave);
            await cast.LeaveAll([.. cast.Subscribers, .. cast.Publishers], patience.Token);
        }
    }

    private static int Sockets(LoadPlan plan)
    {
        int streams = plan.Floor is null || !(plan.Media.Audio && plan.Media.Video) ? 1 : 2;
        int subscribers = plan.FindMost is null ? plan.SubscriberSessions : Largest(plan);
        var passing = (int)(plan.Churn * (plan.ChurnStay.TotalSeconds + 5));
        return (((plan.Rooms * plan.Publishers) + subscribers + passing) * streams) + SpareSockets;
    }

    private static int Largest(LoadPlan plan) => Math.Min(plan.Rooms * 16_000, 16_000);

    private async Task<LoadReport> Run(CancellationToken cancellation)
    {
        _teller.Doing = "publishers join";
        await _cast.JoinPublishers(cancellation);
        await Task.Delay(Settling, cancellation);
        _empty = _full = WatchedProcesses.Read(_plan.Processes);
        if (_plan.FindMost is { } limits)
        {
            return await FindMost(limits, cancellation);
        }

        _teller.Doing = "subscribers join";
        await _cast.JoinSubscribers(cancellation);
        _full = WatchedProcesses.Read(_plan.Processes);
        _teller.Doing = "warming up";
        await Task.Delay(_plan.Warmup, cancellation);
        _teller.Doing = _plan.Churn > 0 ? "measuring while others join and leave" : "measuring";
        ChurnRunner? churn = _plan.Churn > 0 ? new ChurnRunner(_plan, _host, _cast) : null;
        Measurement measured = await Measurement.Run(
            _host, _cast, churn is null ? null : () => churn.Run(cancellation), cancellation);
        return Report(measured, churn?.Result(), most: null);
    }

    private async Task<LoadReport> FindMost(ServiceLimits limits, CancellationToken cancellation)
    {
        var search = new MostSearch(limits, Math.Max(1, _plan.Rooms * _plan.Subscribers), Largest(_plan));
        LoadReport? best = null;
        LoadReport? last = null;
        while (search.Next() is { } size)
        {
            _teller.Doing = $"{size} subscribers: joining";
            await _cast.Resize(size, cancellation);
            await Task.Delay(_plan.Warmup, cancellation);
            _teller.Doing = $"{size} subscribers: measuring";
            Measurement measured = await Measurement.Run(_host, _cast, during: null, cancellation);
            last = Report(measured, churn: null, most: null);
            MostStep step = search.Judge(size, last.Media, last.Processes.Sum(static p => p.Cpu.Cores));
            best = step.Good ? last : best;
        }

        return (best ?? last!) with { Most = search.Result() };
    }

    private LoadReport Report(Measurement measured, ChurnResult? churn, MostResult? most)
    {
        MediaResult media = measured.Media();
        ToolResult tool = measured.Tool();
        SetupResult setup = Setup();
        return new LoadReport
        {
            StartedAt = _startedAt,
            Machine = new MachineFacts(Environment.ProcessorCount, Environment.OSVersion.VersionString, measured.IdleShare),
            Plan = new PlanFacts(
                _plan.Target?.Whip.ToString() ?? $"floor {_plan.Floor}",
                _plan.Rooms,
                _plan.Publishers,
                _cast.Subscribers.Length,
                _plan.Everybody,
                _plan.Media.Audio,
                _plan.Media.Video,
                _plan.Media.VideoBitrate,
                _plan.Media.FramesPerSecond,
                _plan.Media.PacketSize,
                _plan.Media.AudioSize,
                _plan.Media.Pacing.ToString(),
                Math.Round(measured.Span.TotalSeconds, 3)),
            Setup = setup,
            Media = media,
            Processes = measured.Processes(_empty, _full),
            Tool = tool,
            Churn = churn,
            Most = most,
            Warnings = [.. Warnings.Of(media, tool, setup, measured.IdleShare)],
        };
    }

    private SetupResult Setup()
    {
        LoadSession[] watching = [.. _cast.Subscribers.SelectMany(static s => s.Sessions)];
        double seconds = watching.Length == 0
            ? 0
            : (watching.Max(static s => s.Times.Connected.Nanoseconds) - watching.Min(static s => s.Times.Posted.Nanoseconds)) / 1e9;
        return new SetupResult(
            _cast.Publishers.Length,
            _cast.Subscribers.Length,
            _cast.Joins.Failed,
            _cast.Joins.FirstFailure,
            seconds <= 0 ? 0 : Math.Round(watching.Length / seconds, 1),
            Counting.Since(watching, static t => t.Answered),
            Counting.Since(watching, static t => t.Checked),
            Counting.Since(watching, static t => t.Connected),
            Counting.Since(watching, static t => t.FirstPacket));
    }
}

using System.Net;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Runs;
using RtcPlatform.LoadGenerator.Sending;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

/// <summary>
/// A run as <see cref="LoadRun"/> makes it, but for the report: so that the test can ask which packets were measured.
/// </summary>
/// <param name="Streams">All that were published.</param>
internal sealed record FloorRun(MediaResult Media, IReadOnlyList<PublishedStream> Streams)
{
    /// <summary>Two rooms of two publishers who watch each other: eight received streams, every packet to one subscriber.</summary>
    public static LoadPlan Plan(IPEndPoint floor) => new()
    {
        Floor = floor,
        Rooms = 2,
        Publishers = 2,
        Everybody = true,
        Media = new MediaPlan { Audio = true, VideoBitrate = 600_000, PacketSize = 500 },
        Duration = TimeSpan.FromSeconds(2),
        Warmup = TimeSpan.Zero,
    };

    public static async Task<FloorRun> Of(LoadPlan plan, CancellationToken cancellation)
    {
        using var host = new SessionHost(plan, sessions: 64);
        using var maker = new FloorSessions(host, plan.Floor!);
        var cast = new LoadCast(plan, maker);
        await cast.JoinPublishers(cancellation);
        await cast.JoinSubscribers(cancellation);
        Measurement measured = await Measurement.Run(host, cast, during: null, cancellation);
        var run = new FloorRun(measured.Media(), [.. Counting.Streams(cast.Publishers)]);
        await cast.LeaveAll([.. cast.Subscribers, .. cast.Publishers], cancellation);
        return run;
    }

    public bool IsMeasured(FloorPacket packet)
    {
        var stamp = packet.Stamp;
        return Streams.Single(s => s.Room == stamp.Room && s.Publisher == stamp.Publisher && s.Kind == stamp.Kind).IsMeasured(stamp.Number);
    }
}

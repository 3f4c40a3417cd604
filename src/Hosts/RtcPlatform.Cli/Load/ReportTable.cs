using System.Globalization;
using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.Cli.Load;

/// <summary>A report for people: a name and its figures on each line, then what makes them doubtful.</summary>
internal static class ReportTable
{
    public static void Write(LoadReport report, TextWriter output)
    {
        foreach ((string name, string text) in Lines(report))
        {
            output.WriteLine($"{name,-20} {text}");
        }

        foreach (string warning in report.Warnings)
        {
            output.WriteLine($"{"DOUBTFUL",-20} {warning}");
        }
    }

    private static IEnumerable<(string Name, string Text)> Lines(LoadReport report)
    {
        PlanFacts plan = report.Plan;
        yield return ("load", Text($"{plan.Rooms} rooms x {plan.PublishersPerRoom} publishers, {plan.Subscribers} subscribers, {Media(plan)}, {plan.MeasuredSeconds:F1} s"));
        SetupResult setup = report.Setup;
        yield return ("set-up", Text($"{setup.SubscribersConnected} subscribers at {setup.PerSecond:F0}/s, {setup.Failed} failed; connected {Of(setup.DtlsConnected)}; first packet {Of(setup.FirstPacket)}"));
        MediaResult media = report.Media;
        yield return ("packets", Text($"{media.Received:N0} of {media.Expected:N0} ({media.LossShare:P3} lost), {media.PacketsPerSecond:N0}/s, {media.MegabitsPerSecond:N0} Mbit/s"));
        yield return ("integrity", Text($"{media.Damaged} damaged, {media.Misrouted} misrouted, {media.Duplicates} doubled, {media.Late} late, {media.Undecryptable} undecryptable, {media.Unexpected} unexpected"));
        yield return ("one way", Of(media.Latency));
        foreach (ProcessResult process in report.Processes)
        {
            yield return (process.Name, Text($"{process.NanosecondsPerPacket / 1000:F2} us per forwarded packet, {process.Cpu.Cores:F2} cores (user {process.Cpu.UserShare:P0}); {process.ResidentKib / 1024:N0} MiB, {process.ResidentGrowthKib:F0} KiB and {process.SetupMilliseconds:F2} ms of set-up per subscriber; CPUs {process.Cpus}"));
            yield return ("", string.Join(", ", process.Cpu.Threads.Select(static t => Text($"{t.Name} {t.Cores:F2}"))));
        }

        ToolResult tool = report.Tool;
        yield return ("tool", Text($"{tool.ReceiveNanosecondsPerPacket / 1000:F2} us per packet, busiest receiver {tool.ReceiveCores:F2} cores; packets left {tool.SendLateness.P99:F2} ms late (p99); {tool.Overflow} overflowed"));
        if (report.Churn is { } churn)
        {
            yield return ("storm", Text($"{churn.AskedPerSecond:F0}/s: {churn.Joined} joined, {churn.Left} left, {churn.Failed} failed; connected {Of(churn.DtlsConnected)}; their one way {Of(churn.TheirLatency)}"));
        }

        if (report.Most is { } most)
        {
            yield return ("most subscribers", Text($"{most.Subscribers} (loss <= {most.LossLimit:P1}, p99 <= {most.LatencyLimit:F0} ms)"));
            foreach (MostStep step in most.Steps)
            {
                yield return ("", Text($"{step.Subscribers,6} {(step.Good ? "good" : "BAD "),-4} loss {step.LossShare:P3}, p99 {step.P99:F1} ms, {step.PacketsPerSecond:N0} packets/s, {step.ServerCores:F2} cores"));
            }
        }
    }

    private static string Media(PlanFacts plan)
    {
        string video = plan.Video ? Text($"video {plan.VideoBitrate / 1e6:0.##} Mbit/s in {plan.PacketSize} B, {plan.Pacing}") : "";
        string audio = plan.Audio ? Text($"audio {plan.AudioSize} B") : "";
        return plan.Audio && plan.Video ? $"{audio} + {video}" : audio + video;
    }

    private static string Of(Percentiles times) => Text($"p50 {times.P50:F2}, p99 {times.P99:F2}, p99.9 {times.P999:F2}, max {times.Max:F2} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

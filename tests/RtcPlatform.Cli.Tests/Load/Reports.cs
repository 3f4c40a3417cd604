using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.Cli.Tests.Load;

/// <summary>Reports that no run has made, every figure another.</summary>
internal static class Reports
{
    public static LoadReport Plain { get; } = new()
    {
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Machine = new MachineFacts(8, "Linux 6.1", 0.25),
        Plan = new PlanFacts("https://host/whip/{room}", 2, 3, 12, true, true, true, 1_500_000, 30, 1100, 100, "Spread", 10.04),
        Setup = new SetupResult(6, 12, 1, "no answer", 40.4, Times(10), Times(20), Times(30), Times(40)),
        Media = new MediaResult(1234.5, 98.7, 600, 20_000, 19_980, 0.001, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Times(50), Times(60), Times(70)),
        Processes =
        [
            new ProcessResult(
                "node", 4711, "0-1", new CpuUse(0.5, 5_000_000_000, 0.75, [new ThreadUse("shard-0", 4712, 0.4), new ThreadUse("http", 4713, 0.1)]),
                2500, 1.25, 102_400, 90_000, 12.4, 11),
        ],
        Tool = new ToolResult(new CpuUse(0.3, 3_000_000_000, 0.5, []), 0.21, 0.05, 1750, Times(80), 11, 12),
        Warnings = ["nothing was idle", "five joins failed"],
    };

    public static LoadReport Stormy { get; } = Plain with
    {
        Churn = new ChurnResult(20, 200, 199, 1, "too late", 7, Times(90), Times(100), Times(110)),
    };

    public static LoadReport Searched { get; } = Plain with
    {
        Most = new MostResult(45, 0.001, 50, [new MostStep(45, true, 0, 4.2, 9000, 0.61), new MostStep(67, false, 0.012, 81.5, 12_000, 0.99)]),
    };

    private static Percentiles Times(double from) => new(100, from, from + 1, from + 2, from + 3, from + 4);
}

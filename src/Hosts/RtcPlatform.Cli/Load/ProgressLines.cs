using System.Globalization;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.Cli.Load;

/// <summary>One line a second about a running load.</summary>
internal sealed class ProgressLines(TextWriter output) : IProgress<LoadProgress>
{
    public void Report(LoadProgress value) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{value.Elapsed.TotalSeconds,4:F0} s  {value.Doing,-28} {value.Publishers,4} pub {value.Subscribers,5} sub "
        + $"{value.PacketsPerSecond,9:N0} packets/s {value.MegabitsPerSecond,7:F1} Mbit/s  missing {value.Missing,5}  "
        + $"p50 {value.P50:F2} p99 {value.P99:F2} ms  server {value.ServerCores:F2} tool {value.ReceiveCores:F2} cores"));
}

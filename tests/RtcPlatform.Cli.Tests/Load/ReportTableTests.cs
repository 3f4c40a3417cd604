using RtcPlatform.Cli.Load;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.Cli.Tests.Load;

public sealed class ReportTableTests
{
    private const string Plain = """
        load                 2 rooms x 3 publishers, 12 subscribers, audio 100 B + video 1.5 Mbit/s in 1100 B, Spread, 10.0 s
        set-up               12 subscribers at 40/s, 1 failed; connected p50 30.00, p99 32.00, p99.9 33.00, max 34.00 ms; first packet p50 40.00, p99 42.00, p99.9 43.00, max 44.00 ms
        packets              19,980 of 20,000 (0.100 % lost), 1,234/s, 99 Mbit/s
        integrity            1 damaged, 2 misrouted, 4 doubled, 3 late, 5 undecryptable, 6 unexpected
        one way              p50 50.00, p99 52.00, p99.9 53.00, max 54.00 ms
        node                 2.50 us per forwarded packet, 0.50 cores (user 75 %); 100 MiB, 12 KiB and 1.25 ms of set-up per subscriber; CPUs 0-1
                             shard-0 0.40, http 0.10
        tool                 1.75 us per packet, busiest receiver 0.21 cores; packets left 82.00 ms late (p99); 11 overflowed
        """;

    private const string Doubts = """
        DOUBTFUL             nothing was idle
        DOUBTFUL             five joins failed
        """;

    [Fact]
    public void Every_figure_of_a_report_stands_in_its_line() => Assert.Equal(Plain + "\n" + Doubts, Text(Reports.Plain));

    [Fact]
    public void A_storm_has_a_line_of_its_own() => Assert.Equal(
        Plain + "\n"
        + "storm                20/s: 200 joined, 199 left, 1 failed; connected p50 90.00, p99 92.00, p99.9 93.00, max 94.00 ms; their one way p50 110.00, p99 112.00, p99.9 113.00, max 114.00 ms\n"
        + Doubts,
        Text(Reports.Stormy));

    [Fact]
    public void A_search_tells_each_step() => Assert.Equal(
        Plain + "\n"
        + "most subscribers     45 (loss <= 0.1 %, p99 <= 50 ms)\n"
        + "                         45 good loss 0.000 %, p99 4.2 ms, 9,000 packets/s, 0.61 cores\n"
        + "                         67 BAD  loss 1.200 %, p99 81.5 ms, 12,000 packets/s, 0.99 cores\n"
        + Doubts,
        Text(Reports.Searched));

    [Theory]
    [InlineData(true, false, "audio 100 B, 10.0 s")]
    [InlineData(false, true, "video 1.5 Mbit/s in 1100 B, Spread, 10.0 s")]
    public void One_kind_of_media_is_named_alone(bool audio, bool video, string expected) => Assert.EndsWith(
        $"12 subscribers, {expected}",
        Text(Reports.Plain with { Plan = Reports.Plain.Plan with { Audio = audio, Video = video } }).Split('\n')[0],
        StringComparison.Ordinal);

    private static string Text(LoadReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        ReportTable.Write(report, text);
        return text.ToString().TrimEnd();
    }
}

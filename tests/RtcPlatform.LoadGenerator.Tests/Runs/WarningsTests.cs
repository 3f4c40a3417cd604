using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Runs;

namespace RtcPlatform.LoadGenerator.Tests.Runs;

public sealed class WarningsTests
{
    private static readonly Percentiles None = new(0, 0, 0, 0, 0, 0);
    private static readonly ToolResult GoodTool = new(new CpuUse(0.1, 1, 0.5, []), 0.5, 0.1, 1000, None with { P99 = 5 }, 0, 0);
    private static readonly SetupResult GoodSetup = new(1, 1, 0, null, 1, None, None, None, None);

    /// <summary>Nothing is wrong with it.</summary>
    internal static MediaResult GoodMedia => new(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None, None, None);

    [Fact]
    public void A_good_run_is_not_doubted() => Assert.Empty(Warnings.Of(GoodMedia, GoodTool, GoodSetup, idleShare: 0.03));

    [Fact]
    public void Each_doubt_is_one_sentence()
    {
        Assert.Equal(
            [
                "the tool's receiving thread was busy for 95 % of the time: give it --receive-threads or --cpus",
                "1 % of the packets left 7.5 ms late or more: the sending thread lacked CPU time",
                "3 datagrams were lost in the tool's own socket buffers: they count as loss, but are not the server's",
                "the kernel refused 4 of the tool's datagrams",
                "all processors together were idle for only 2.0 % of the time: the tool and the server may have disturbed each other",
                "5 joins failed; the first: no answer",
                "6 sessions broke off",
                "7 streams of subscribers never began",
            ],
            Warnings.Of(
                GoodMedia with { SessionsLost = 6, Silent = 7 },
                GoodTool with { ReceiveCores = 0.95, SendLateness = None with { P99 = 7.5 }, Overflow = 3, SendErrors = 4 },
                GoodSetup with { Failed = 5, FirstFailure = "no answer" },
                idleShare: 0.02));
    }
}

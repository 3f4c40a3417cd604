using System.Globalization;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>What makes a report doubtful, one sentence each.</summary>
internal static class Warnings
{
    private const double SaturatedThread = 0.9;
    private const double LateMilliseconds = 5;
    private const double LittleIdle = 0.03;

    public static IEnumerable<string> Of(MediaResult media, ToolResult tool, SetupResult setup, double idleShare)
    {
        if (tool.ReceiveCores > SaturatedThread)
        {
            yield return Text($"the tool's receiving thread was busy for {tool.ReceiveCores:P0} of the time: give it --receive-threads or --cpus");
        }

        if (tool.SendLateness.P99 > LateMilliseconds)
        {
            yield return Text($"1 % of the packets left {tool.SendLateness.P99:F1} ms late or more: the sending thread lacked CPU time");
        }

        if (tool.Overflow > 0)
        {
            yield return Text($"{tool.Overflow} datagrams were lost in the tool's own socket buffers: they count as loss, but are not the server's");
        }

        if (tool.SendErrors > 0)
        {
            yield return Text($"the kernel refused {tool.SendErrors} of the tool's datagrams");
        }

        if (idleShare < LittleIdle)
        {
            yield return Text($"all processors together were idle for only {idleShare:P1} of the time: the tool and the server may have disturbed each other");
        }

        if (setup.Failed > 0)
        {
            yield return Text($"{setup.Failed} joins failed; the first: {setup.FirstFailure}");
        }

        if (media.SessionsLost > 0)
        {
            yield return Text($"{media.SessionsLost} sessions broke off");
        }

        if (media.Silent > 0)
        {
            yield return Text($"{media.Silent} streams of subscribers never began");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.MediaNode.Telemetry;

/// <summary>What all shards did, in one line for the log: <c>datagrams 120 = 100 handled + 20 refused; dropped StunMalformed 20</c>.</summary>
internal static class Totals
{
    public static string Describe(IReadOnlyList<ShardCounters> shards)
    {
        ulong received = Sum(shards, static s => s.DatagramsReceived);
        ulong handled = Sum(shards, static s => s.DatagramsHandled);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"datagrams {received} = {handled} handled + {received - handled} refused; RTP {Sum(shards, static s => s.PacketsReceived)} in, {Sum(shards, static s => s.PacketsForwarded)} forwarded; dropped");
        foreach (DropReason reason in Enum.GetValues<DropReason>().Distinct())
        {
            ulong count = Sum(shards, s => s.Dropped(reason));
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" {reason} {count}");
            }
        }

        return text.ToString();
    }

    private static ulong Sum(IReadOnlyList<ShardCounters> shards, Func<ShardCounters, ulong> figure) =>
        shards.Aggregate(0UL, (sum, shard) => sum + figure(shard));
}

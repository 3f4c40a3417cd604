using System.Collections.Immutable;

namespace RtcPlatform.Domain.Placement;

/// <summary>A media node as the directory last heard of it.</summary>
/// <param name="Load">0 is idle, 1 is as much as the node should carry.</param>
public sealed record NodeCandidate(string NodeId, string InstanceId, bool Alive, double Load, int Transports);

/// <summary>Where a room goes.</summary>
public static class RoomPlacement
{
    /// <summary>
    /// The present node while it lives, whatever its load (a room is never torn apart); else the least loaded living one,
    /// then the one with the fewest transports, then by id, so that equal snapshots give equal answers. Null: none lives.
    /// </summary>
    public static NodeCandidate? Choose(ImmutableArray<NodeCandidate> snapshot, string? presentNodeId)
    {
        NodeCandidate? best = null;
        foreach (NodeCandidate node in snapshot)
        {
            if (!node.Alive)
            {
                continue;
            }

            if (string.Equals(node.NodeId, presentNodeId, StringComparison.Ordinal))
            {
                return node;
            }

            best = best is null || IsBetter(node, best) ? node : best;
        }

        return best;
    }

    // Tenths: loads that differ by noise count as equal.
    private static bool IsBetter(NodeCandidate left, NodeCandidate right) =>
        (Math.Floor(left.Load * 10), left.Transports).CompareTo((Math.Floor(right.Load * 10), right.Transports)) switch
        {
            0 => string.CompareOrdinal(left.NodeId, right.NodeId) < 0,
            int order => order < 0,
        };
}

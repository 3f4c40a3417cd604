using Orleans;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Directory;

/// <summary>
/// Which nodes exist, from their own reports. Holds nothing that a second of reports does not bring back, so it needs no
/// storage.
/// </summary>
public sealed class NodeDirectoryGrain(TimeProvider time) : Grain, INodeDirectoryGrain
{
    /// <summary>Nodes are reported every second; one that nobody reported for so long is not offered.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, NodeStatus> _nodes = new(StringComparer.Ordinal);

    public Task Report(NodeStatus status)
    {
        _nodes[status.NodeId] = status;
        return Task.CompletedTask;
    }

    public Task Remove(string nodeId)
    {
        _nodes.Remove(nodeId);
        return Task.CompletedTask;
    }

    public Task<NodeStatus[]> Snapshot()
    {
        DateTimeOffset oldest = time.GetUtcNow() - Stale;
        NodeStatus[] known =
        [
            .. _nodes.Values
                .Where(node => node.SeenAt > oldest)
                .OrderByDescending(node => node.Alive)
                .ThenBy(node => node.Load)
                .ThenBy(node => node.Transports)
                .ThenBy(node => node.NodeId, StringComparer.Ordinal),
        ];
        return Task.FromResult(known);
    }
}

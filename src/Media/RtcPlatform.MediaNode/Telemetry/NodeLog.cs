using System.Net;
using Microsoft.Extensions.Logging;

namespace RtcPlatform.MediaNode.Telemetry;

/// <summary>The process. Event ids 1000 to 1099.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1000, LogLevel.Information, "Node {NodeId} forwards media on {Address}, announced as {Announced}")]
    public static partial void Listening(ILogger logger, string nodeId, IPEndPoint address, string announced);

    [LoggerMessage(1001, LogLevel.Information, "Node {NodeId} is stopping")]
    public static partial void Stopping(ILogger logger, string nodeId);

    [LoggerMessage(1002, LogLevel.Information, "Node {NodeId} has stopped; {Totals}")]
    public static partial void Stopped(ILogger logger, string nodeId, string totals);

    [LoggerMessage(1003, LogLevel.Warning, "The kernel grants {Granted} octets of receive buffer instead of {Asked}; raise net.core.rmem_max")]
    public static partial void SmallReceiveBuffer(ILogger logger, int granted, int asked);

    [LoggerMessage(1004, LogLevel.Critical, "Shard {Shard} has failed")]
    public static partial void ShardFailed(ILogger logger, int shard, Exception failure);
}

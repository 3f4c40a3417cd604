using Microsoft.Extensions.Logging;

namespace RtcPlatform.Grains.MediaNode;

internal static partial class NodeLog
{
    [LoggerMessage(1200, LogLevel.Information, "media node {NodeId} ({InstanceId}) attached, {Kept} transports kept, {Unwanted} closed")]
    public static partial void Attached(ILogger log, string nodeId, string instanceId, int kept, int unwanted);

    [LoggerMessage(1201, LogLevel.Information, "media node {NodeId} ({InstanceId}) resumed its control stream")]
    public static partial void Resumed(ILogger log, string nodeId, string instanceId);

    [LoggerMessage(1202, LogLevel.Warning, "media node {NodeId} was refused: {Reason}")]
    public static partial void Refused(ILogger log, string nodeId, string reason);

    [LoggerMessage(1203, LogLevel.Warning, "media node {NodeId} lost its control stream")]
    public static partial void Detached(ILogger log, string nodeId);

    [LoggerMessage(1204, LogLevel.Error, "media node {NodeId} ({InstanceId}) is lost with {Transports} transports")]
    public static partial void Lost(ILogger log, string nodeId, string instanceId, int transports);

    [LoggerMessage(1205, LogLevel.Warning, "media node {NodeId} left {Count} requests unanswered")]
    public static partial void Unanswered(ILogger log, string nodeId, int count);

    [LoggerMessage(1206, LogLevel.Warning, "media node {NodeId} sent what is no frame, or skipped one; its stream is closed")]
    public static partial void BrokenStream(ILogger log, string nodeId);

    [LoggerMessage(1207, LogLevel.Information, "media node {NodeId}: nobody takes transport {TransportId} back")]
    public static partial void NotRestored(ILogger log, string nodeId, string transportId);

    [LoggerMessage(1208, LogLevel.Warning, "media node {NodeId}: its control stream cannot be written to")]
    public static partial void LinkFailed(ILogger log, string nodeId, Exception exception);

    [LoggerMessage(1209, LogLevel.Warning, "media node {NodeId}: a report to the directory failed")]
    public static partial void ReportFailed(ILogger log, string nodeId, Exception exception);
}

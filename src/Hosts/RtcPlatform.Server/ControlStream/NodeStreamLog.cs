using Microsoft.Extensions.Logging;

namespace RtcPlatform.Server.ControlStream;

internal static partial class NodeStreamLog
{
    [LoggerMessage(3000, LogLevel.Warning, "a control stream from {Address} was refused: wrong secret")]
    public static partial void WrongSecret(ILogger log, string address);

    [LoggerMessage(3001, LogLevel.Warning, "a control stream of media node '{NodeId}' was refused: {Reason}")]
    public static partial void Refused(ILogger log, string nodeId, string reason);

    [LoggerMessage(3002, LogLevel.Information, "the control stream of media node {NodeId} ended: {Reason}")]
    public static partial void Ended(ILogger log, string nodeId, string reason);

    [LoggerMessage(3003, LogLevel.Error, "the control stream of media node {NodeId} failed")]
    public static partial void Failed(ILogger log, string nodeId, Exception exception);
}

using Microsoft.Extensions.Logging;

namespace RtcPlatform.MediaNode.Telemetry;

/// <summary>The control stream. Event ids 1100 to 1199.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1100, LogLevel.Information, "Control stream to {Server} is open (server instance {Instance}, resumed: {Resumed})")]
    public static partial void Opened(ILogger logger, Uri server, string instance, bool resumed);

    [LoggerMessage(1101, LogLevel.Warning, "Control stream to {Server} is gone: {Reason}; media goes on, dialling again")]
    public static partial void Lost(ILogger logger, Uri server, string reason);

    [LoggerMessage(1102, LogLevel.Error, "The server at {Server} refuses this node: {Reason}")]
    public static partial void Refused(ILogger logger, Uri server, string reason);

    [LoggerMessage(1103, LogLevel.Error, "Request {Id} ({Command}) failed inside the node")]
    public static partial void RequestFailed(ILogger logger, string id, string command, Exception failure);

    [LoggerMessage(1104, LogLevel.Warning, "Request {Id} ({Command}) was refused: {Code}, {Reason}")]
    public static partial void RequestRefused(ILogger logger, string id, string command, string code, string reason);

    [LoggerMessage(1105, LogLevel.Warning, "Cannot reach the server at {Server}: {Reason}; dialling until it answers")]
    public static partial void Unreachable(ILogger logger, Uri server, string reason);

    [LoggerMessage(1106, LogLevel.Information, "Transport {Id} is closed: the server that asked for it is gone, the new one was not told of it")]
    public static partial void ClosedUntold(ILogger logger, string id);
}

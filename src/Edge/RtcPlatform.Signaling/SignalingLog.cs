using Microsoft.Extensions.Logging;

namespace RtcPlatform.Signaling;

internal static partial class SignalingLog
{
    [LoggerMessage(3001, LogLevel.Information, "connection {ConnectionId} closed by the server: {Reason}")]
    public static partial void ConnectionClosedByServer(this ILogger logger, string connectionId, string reason);

    [LoggerMessage(3002, LogLevel.Error, "the outbox of connection {ConnectionId} failed")]
    public static partial void OutboxFailed(this ILogger logger, string connectionId, Exception problem);

    [LoggerMessage(3003, LogLevel.Error, "call {Method} of connection {ConnectionId} failed, correlation {CorrelationId}")]
    public static partial void CallFailed(
        this ILogger logger, string method, string connectionId, string correlationId, Exception problem);

    [LoggerMessage(3004, LogLevel.Information, "participant {ParticipantSid} joined over connection {ConnectionId}")]
    public static partial void Joined(this ILogger logger, string participantSid, string connectionId);

    [LoggerMessage(3005, LogLevel.Information, "participant {ParticipantSid} resumed over connection {ConnectionId}")]
    public static partial void Resumed(this ILogger logger, string participantSid, string connectionId);

    [LoggerMessage(3006, LogLevel.Information, "connection {ConnectionId} ended: {Reason}")]
    public static partial void ConnectionEnded(this ILogger logger, string connectionId, string reason);

    [LoggerMessage(3007, LogLevel.Information, "join over connection {ConnectionId} refused: {Failure}")]
    public static partial void TokenRefused(this ILogger logger, string connectionId, string failure);

    [LoggerMessage(3008, LogLevel.Warning, "the room was not told that connection {ConnectionId} ended")]
    public static partial void EdgeLossNotTold(this ILogger logger, string connectionId, Exception problem);
}

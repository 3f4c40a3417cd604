using Microsoft.Extensions.Logging;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>Sids only: names and identities are personal data.</summary>
internal static partial class ParticipantLog
{
    [LoggerMessage(1100, LogLevel.Debug, "participant {Sid} connected over transport {TransportId} on media node {NodeId}")]
    public static partial void Connected(ILogger log, string sid, string transportId, string nodeId);

    [LoggerMessage(1101, LogLevel.Information, "participant {Sid} was refused: {Code}")]
    public static partial void JoinRefused(ILogger log, string sid, SignalErrorCode code);

    [LoggerMessage(1102, LogLevel.Error, "participant {Sid}: the join failed")]
    public static partial void JoinFailed(ILogger log, string sid, Exception exception);

    [LoggerMessage(1103, LogLevel.Information, "participant {Sid} lost its edge, the resume window begins")]
    public static partial void Detached(ILogger log, string sid);

    [LoggerMessage(1104, LogLevel.Information, "participant {Sid} resumed")]
    public static partial void Resumed(ILogger log, string sid);

    [LoggerMessage(1105, LogLevel.Warning, "participant {Sid} lost transport {TransportId}: {Reason}")]
    public static partial void TransportLost(ILogger log, string sid, string transportId, string reason);

    [LoggerMessage(1106, LogLevel.Information, "participant {Sid} restored over transport {TransportId} on media node {NodeId}")]
    public static partial void Restored(ILogger log, string sid, string transportId, string nodeId);

    [LoggerMessage(1107, LogLevel.Debug, "transport {TransportId}: the media node refused: {Reason}")]
    public static partial void RequestRefused(ILogger log, string transportId, string reason);

    [LoggerMessage(1108, LogLevel.Warning, "participant {Sid}: a request to the media node failed")]
    public static partial void RequestFailed(ILogger log, string sid, Exception exception);

    [LoggerMessage(1109, LogLevel.Information, "participant {Sid}: its edge could not be reached")]
    public static partial void EdgeUnreachable(ILogger log, string sid, Exception? exception);

    [LoggerMessage(1110, LogLevel.Information, "participant {Sid} ended: {Reason}")]
    public static partial void Ended(ILogger log, string sid, DisconnectReason reason);
}

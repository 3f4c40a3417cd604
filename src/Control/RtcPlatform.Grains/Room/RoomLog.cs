using Microsoft.Extensions.Logging;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Grains.Room;

/// <summary>Sids only: names and identities are personal data.</summary>
internal static partial class RoomLog
{
    [LoggerMessage(1000, LogLevel.Information, "room {RoomSid} opened")]
    public static partial void Opened(ILogger log, string roomSid);

    [LoggerMessage(1001, LogLevel.Information, "room {RoomSid} closed, nobody was there")]
    public static partial void Closed(ILogger log, string roomSid);

    [LoggerMessage(1002, LogLevel.Information, "room {RoomSid} placed on media node {NodeId}")]
    public static partial void Placed(ILogger log, string roomSid, string nodeId);

    [LoggerMessage(1003, LogLevel.Warning, "room {RoomSid} lost its media node {NodeId}")]
    public static partial void NodeLost(ILogger log, string roomSid, string nodeId);

    [LoggerMessage(1004, LogLevel.Information, "participant {ParticipantSid} joined room {RoomSid}")]
    public static partial void Joined(ILogger log, string roomSid, string participantSid);

    [LoggerMessage(1005, LogLevel.Information, "participant {ParticipantSid} left room {RoomSid}: {Reason}")]
    public static partial void Left(ILogger log, string roomSid, string participantSid, LeaveReason reason);

    [LoggerMessage(1006, LogLevel.Information, "room {RoomSid} adopted from media node {NodeId} with {Count} participants")]
    public static partial void Adopted(ILogger log, string roomSid, string nodeId, int count);

    [LoggerMessage(1007, LogLevel.Information, "room {RoomSid} let the reservation of {ParticipantSid} go")]
    public static partial void ReservationEnded(ILogger log, string roomSid, string participantSid);

    /// <summary>One line for each event that an operator may look for; the rest is silent.</summary>
    public static void Happened(ILogger log, string roomSid, RoomEvent happened)
    {
        switch (happened)
        {
            case RoomEvent.Joined joined:
                Joined(log, roomSid, joined.Participant.Sid.Value);
                break;
            case RoomEvent.Left left:
                Left(log, roomSid, left.Participant.Value, left.Reason);
                break;
            case RoomEvent.ReservationEnded ended:
                ReservationEnded(log, roomSid, ended.Participant.Value);
                break;
            case RoomEvent.Placed placed:
                Placed(log, roomSid, placed.Node.NodeId);
                break;
            case RoomEvent.NodeLost lost:
                NodeLost(log, roomSid, lost.Node.NodeId);
                break;
            case RoomEvent.Closed:
                Closed(log, roomSid);
                break;
        }
    }
}

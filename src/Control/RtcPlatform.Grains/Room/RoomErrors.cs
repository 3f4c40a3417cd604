using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Room;

/// <summary>A room's refusals as a client reads them.</summary>
internal static class RoomErrors
{
    public static readonly SignalError NoMediaNode =
        new(SignalErrorCode.NoMediaNode, "No media node is available at the moment; try again in a moment.");

    public static SignalError Of(RoomRefusal refusal) => refusal switch
    {
        RoomRefusal.RoomFull => new(SignalErrorCode.RoomFull, "The room is full."),
        RoomRefusal.RoomClosed => new(SignalErrorCode.NotJoined, "The room was closed."),
        RoomRefusal.UnknownParticipant => new(SignalErrorCode.NotJoined, "The participant is not in the room."),
        RoomRefusal.UnknownTrack => new(SignalErrorCode.TrackNotFound, "There is no such track in the room."),
        RoomRefusal.NotLive => new(SignalErrorCode.TrackNotFound, "Nobody of that name publishes in the room at the moment."),
        RoomRefusal.TooManyTracks => new(SignalErrorCode.LimitExceeded, "The participant has published as many tracks as are allowed."),
        RoomRefusal.DuplicateTrack => new(SignalErrorCode.InvalidRequest, "The track is published already."),
        RoomRefusal.SourceNotAllowed => new(SignalErrorCode.PermissionDenied, "The token does not allow to publish this source."),
        _ => new(SignalErrorCode.Internal, "The room refused."),
    };
}

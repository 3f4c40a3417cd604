namespace RtcPlatform.Signaling.Contract;

/// <summary>On the wire as <c>audio</c>, <c>video</c>.</summary>
public enum TrackKind
{
    Audio,
    Video,
}

/// <summary>On the wire in snake_case, as in the token's <c>canPublishSources</c>.</summary>
public enum TrackSource
{
    Unknown,
    Camera,
    Microphone,
    ScreenShare,
    ScreenShareAudio,
}

/// <summary>By which door a participant came in: signaling, WHIP or WHEP. On the wire in snake_case.</summary>
public enum ParticipantKind
{
    Standard,
    Ingress,
    Viewer,
}

/// <summary>On the wire in snake_case.</summary>
public enum DisconnectReason
{
    Unknown,
    ClientLeft,
    DuplicateIdentity,
    ServerShutdown,
    ParticipantRemoved,
    RoomClosed,
    ConnectionTimeout,
    MediaFailed,
}

/// <summary>On the wire in snake_case.</summary>
public enum SignalErrorCode
{
    Internal,
    InvalidRequest,
    InvalidToken,
    TokenExpired,
    PermissionDenied,
    NotJoined,
    AlreadyJoined,
    RoomFull,
    RoomMismatch,
    InvalidSdp,
    StaleOffer,
    TrackNotFound,
    ResumeRefused,
    NoMediaNode,
    MediaNodeLost,
    TooLarge,
    LimitExceeded,
}

using Orleans;

namespace RtcPlatform.Grains.Contracts;

/// <summary>A value or the reason why there is none.</summary>
[GenerateSerializer, Immutable]
public sealed record Outcome<T>(T? Value, SignalError? Error)
    where T : class
{
    public bool IsOk => Error is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(SignalError error) => new(null, error);
}

[GenerateSerializer, Immutable]
public sealed record Accepted
{
    public static readonly Accepted Instance = new();
}

/// <summary>An error that a client can act upon, with one readable sentence.</summary>
[GenerateSerializer, Immutable]
public sealed record SignalError(SignalErrorCode Code, string Message);

public enum SignalErrorCode
{
    Internal = 0,
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

public enum DisconnectReason
{
    Unknown = 0,
    ClientLeft,
    DuplicateIdentity,
    ServerShutdown,
    ParticipantRemoved,
    RoomClosed,
    ConnectionTimeout,
    MediaFailed,
}

public enum TransportStatus
{
    New = 0,
    Connected,
    Disconnected,
    Failed,
    Closed,
}

/// <summary>What the token allows (claims of <c>video</c>).</summary>
[GenerateSerializer, Immutable]
public sealed record GrantRecord(bool CanPublish, bool CanSubscribe, bool CanPublishData, string[] CanPublishSources);

/// <summary>By which door a participant came in.</summary>
public enum ParticipantKind
{
    Standard = 0,
    Ingress,
    Viewer,
}

/// <param name="Watches">The identity that a viewer receives; empty for all others.</param>
[GenerateSerializer, Immutable]
public sealed record ParticipantRecord(
    string Sid,
    string Identity,
    string Name,
    string Metadata,
    DateTimeOffset JoinedAt,
    GrantRecord Grants,
    TrackRecord[] Tracks,
    ParticipantKind Kind,
    string Watches);

/// <param name="Kind"><c>audio</c> or <c>video</c>.</param>
/// <param name="Source"><c>camera</c>, <c>microphone</c>, <c>screen_share</c>, <c>screen_share_audio</c> or <c>unknown</c>.</param>
/// <param name="MimeType">Empty until negotiated.</param>
[GenerateSerializer, Immutable]
public sealed record TrackRecord(
    string Sid,
    string Kind,
    string Source,
    string Name,
    bool Muted,
    int Width,
    int Height,
    string MimeType);

[GenerateSerializer, Immutable]
public sealed record RoomSnapshot(string Sid, string Name, ulong Version, DateTimeOffset CreatedAt, ParticipantRecord[] Participants);

/// <summary>One step of a room: applies to the version before <paramref name="Version"/>.</summary>
[GenerateSerializer, Immutable]
public sealed record RoomDelta(ulong Version, ParticipantRecord[] Joined, ParticipantRecord[] Updated, DepartedParticipant[] Left);

[GenerateSerializer, Immutable]
public sealed record DepartedParticipant(string Sid, string Identity, DisconnectReason Reason);

[GenerateSerializer, Immutable]
public sealed record OfferRecord(ulong Id, string Sdp, Dictionary<string, string> Publish);

/// <param name="NewTransport">The client lost its peer connection and made a new one: no ICE restart, a fresh transport.</param>
[GenerateSerializer, Immutable]
public sealed record OfferCommand(string ConnectionId, OfferRecord Offer, bool NewTransport);

/// <param name="IsCounterOffer">The SDP is an offer of the media node, and the client is to answer it.</param>
[GenerateSerializer, Immutable]
public sealed record AnswerResult(
    ulong OfferId,
    string Sdp,
    Dictionary<string, string> MidToTrack,
    int MissingAudioSections,
    int MissingVideoSections,
    bool IsCounterOffer = false);

[GenerateSerializer, Immutable]
public sealed record JoinCommand(
    string ConnectionId,
    string ProjectId,
    string RoomName,
    string Identity,
    string Name,
    string Metadata,
    GrantRecord Grants,
    bool AutoSubscribe,
    OfferRecord? Offer);

[GenerateSerializer, Immutable]
public sealed record JoinResult(RoomSnapshot Room, ParticipantRecord Participant, string ResumeToken, AnswerResult? Answer);

[GenerateSerializer, Immutable]
public sealed record ResumeCommand(string ConnectionId, string ParticipantSid, string ResumeToken, ulong Version);

/// <param name="TransportLost">True when the client must make a new peer connection and offer with <c>NewTransport</c>.</param>
[GenerateSerializer, Immutable]
public sealed record ResumeResult(RoomSnapshot Room, ParticipantRecord Participant, bool TransportLost, bool NegotiationNeeded);

[GenerateSerializer, Immutable]
public sealed record PublishCommand(string ConnectionId, string Kind, string Source, string Name, bool Muted, int Width, int Height);

[GenerateSerializer, Immutable]
public sealed record ReserveCommand(
    string ParticipantSid,
    string Identity,
    string Name,
    string Metadata,
    GrantRecord Grants,
    ParticipantKind Kind,
    string Watches);

[GenerateSerializer, Immutable]
public sealed record Admission(RoomSnapshot Room, string NodeId);

/// <summary>A participant as the media node remembered it for us.</summary>
[GenerateSerializer, Immutable]
public sealed record AdoptedParticipant(string TransportId, byte[] Context, TransportStatus Status, ulong OfferId);

/// <param name="Refused">Not null: why the node must go away.</param>
/// <param name="Welcome">A serialized <c>ControlFrame</c> with the <c>NodeWelcome</c>, followed by frames to send again.</param>
[GenerateSerializer, Immutable]
public sealed record NodeAcceptance(string? Refused, byte[][] Welcome);

[GenerateSerializer, Immutable]
public sealed record NodeStatus(
    string NodeId,
    string InstanceId,
    string Region,
    bool Alive,
    int Transports,
    double Load,
    DateTimeOffset SeenAt);

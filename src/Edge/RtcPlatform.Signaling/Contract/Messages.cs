namespace RtcPlatform.Signaling.Contract;

/// <param name="Token">The join token (JWT).</param>
/// <param name="Room">When given it must equal the room of the token.</param>
/// <param name="Offer">The first offer travels inside the join, so that media needs no further round trip.</param>
public sealed record JoinRequest(string Token, string? Room, bool AutoSubscribe, SessionOffer? Offer, ClientInfo Client);

/// <param name="Sdk"><c>js</c>, <c>dotnet</c>, …</param>
public sealed record ClientInfo(string Sdk, string Version, string? UserAgent);

/// <param name="Id">From 1, rising by one.</param>
/// <param name="Publish">mid → track sid of every section in which the client sends; other sending sections are refused.</param>
public sealed record SessionOffer(int Id, string Sdp, IReadOnlyDictionary<string, string> Publish);

public sealed record JoinResponse(
    RoomState Room,
    ParticipantInfo Participant,
    string ResumeToken,
    Answer? Answer,
    IReadOnlyList<IceServer> IceServers,
    ServerInfo Server);

public sealed record ServerInfo(string Version, string NodeId);

public sealed record IceServer(IReadOnlyList<string> Urls, string? Username, string? Credential);

public sealed record ResumeRequest(string Token, string ParticipantSid, string ResumeToken, long Version);

/// <param name="TransportLost">Make a new peer connection and offer with <c>newTransport</c>.</param>
/// <param name="NegotiationNeeded">Offer again on the present peer connection.</param>
public sealed record ResumeResponse(RoomState Room, ParticipantInfo Participant, bool TransportLost, bool NegotiationNeeded);

/// <param name="NewTransport">A new peer connection replaces the former one.</param>
public sealed record OfferRequest(SessionOffer Offer, bool NewTransport);

/// <param name="Id">Echoes the offer's.</param>
/// <param name="MidToTrack">mid → track sid of every section in which the client now receives; the only link between the two.</param>
/// <param name="MissingAudioSections">Receive sections to add, then offer again, to receive everything subscribed.</param>
public sealed record Answer(
    int Id,
    string Sdp,
    IReadOnlyDictionary<string, string> MidToTrack,
    int MissingAudioSections,
    int MissingVideoSections);

public sealed record IceCandidate(string Candidate, string? SdpMid, int? SdpMLineIndex);

/// <param name="Width">Pixels, 0 for audio.</param>
public sealed record PublishRequest(TrackKind Kind, TrackSource Source, string Name, bool Muted, int Width, int Height);

public sealed record TrackRef(string TrackSid);

public sealed record MuteRequest(string TrackSid, bool Muted);

public sealed record SubscriptionRequest(IReadOnlyList<string> TrackSids, bool Subscribe);

/// <param name="Version">Rises by one with every change.</param>
/// <param name="CreatedAt">ISO 8601, UTC.</param>
public sealed record RoomState(string Sid, string Name, long Version, DateTimeOffset CreatedAt, IReadOnlyList<ParticipantInfo> Participants);

public sealed record ParticipantInfo(
    string Sid,
    string Identity,
    string Name,
    string Metadata,
    DateTimeOffset JoinedAt,
    Permissions Permissions,
    IReadOnlyList<TrackInfo> Tracks,
    ParticipantKind Kind);

public sealed record Permissions(bool CanPublish, bool CanSubscribe, bool CanPublishData, IReadOnlyList<TrackSource> CanPublishSources);

/// <param name="MimeType">Such as <c>video/VP8</c>; empty until negotiated.</param>
public sealed record TrackInfo(
    string Sid,
    TrackKind Kind,
    TrackSource Source,
    string Name,
    bool Muted,
    int Width,
    int Height,
    string MimeType);

public sealed record RoomChange(
    long Version,
    IReadOnlyList<ParticipantInfo> Joined,
    IReadOnlyList<ParticipantInfo> Updated,
    IReadOnlyList<ParticipantDeparture> Left);

public sealed record ParticipantDeparture(string Sid, string Identity, DisconnectReason Reason);

public sealed record NegotiationRequest(int AddAudioSections, int AddVideoSections);

public sealed record TransportLoss(string Reason);

public sealed record Disconnection(DisconnectReason Reason);

/// <summary>Why a hub call was refused.</summary>
/// <param name="Message">One sentence that a person understands.</param>
public sealed record SignalFailure(SignalErrorCode Code, string Message);

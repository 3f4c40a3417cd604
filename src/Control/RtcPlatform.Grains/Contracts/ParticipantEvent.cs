using Orleans;

namespace RtcPlatform.Grains.Contracts;

/// <summary>What a participant is told over its edge.</summary>
[GenerateSerializer, Immutable]
public abstract record ParticipantEvent;

/// <summary>The room changed by one version.</summary>
[GenerateSerializer, Immutable]
public sealed record RoomChangedEvent(RoomDelta Delta) : ParticipantEvent;

/// <summary>What the client should receive changed: it adds so many receive sections (0 is usual) and offers again.</summary>
[GenerateSerializer, Immutable]
public sealed record NegotiationNeededEvent(int AddAudioSections, int AddVideoSections) : ParticipantEvent;

/// <summary>The transport is gone with its media node: the client makes a new peer connection and offers with NewTransport.</summary>
[GenerateSerializer, Immutable]
public sealed record TransportLostEvent(string Reason) : ParticipantEvent;

/// <summary>The media path of this participant was seen to work, or to have stopped.</summary>
[GenerateSerializer, Immutable]
public sealed record TransportChangedEvent(TransportStatus Status) : ParticipantEvent;

/// <summary>The last message of a connection.</summary>
[GenerateSerializer, Immutable]
public sealed record DisconnectedEvent(DisconnectReason Reason) : ParticipantEvent;

/** What a room tells; the names are those that LiveKit's users know. */
export const RoomEvent = {
  Connected: 'connected',
  /** The call is interrupted and being restored. */
  Reconnecting: 'reconnecting',
  /** Signaling is away and being restored; audio and video go on. */
  SignalReconnecting: 'signalReconnecting',
  Reconnected: 'reconnected',
  Disconnected: 'disconnected',
  ConnectionStateChanged: 'connectionStateChanged',
  ParticipantConnected: 'participantConnected',
  ParticipantDisconnected: 'participantDisconnected',
  ParticipantMetadataChanged: 'participantMetadataChanged',
  ParticipantNameChanged: 'participantNameChanged',
  ParticipantPermissionsChanged: 'participantPermissionsChanged',
  TrackPublished: 'trackPublished',
  TrackUnpublished: 'trackUnpublished',
  TrackSubscribed: 'trackSubscribed',
  TrackUnsubscribed: 'trackUnsubscribed',
  TrackMuted: 'trackMuted',
  TrackUnmuted: 'trackUnmuted',
  LocalTrackPublished: 'localTrackPublished',
  LocalTrackUnpublished: 'localTrackUnpublished',
  ActiveSpeakersChanged: 'activeSpeakersChanged',
  AudioPlaybackStatusChanged: 'audioPlaybackStatusChanged',
  MediaDevicesError: 'mediaDevicesError',
  MediaDevicesChanged: 'mediaDevicesChanged',
} as const;
export type RoomEvent = (typeof RoomEvent)[keyof typeof RoomEvent];

export const ParticipantEvent = {
  TrackPublished: 'trackPublished',
  TrackUnpublished: 'trackUnpublished',
  TrackSubscribed: 'trackSubscribed',
  TrackUnsubscribed: 'trackUnsubscribed',
  TrackMuted: 'trackMuted',
  TrackUnmuted: 'trackUnmuted',
  LocalTrackPublished: 'localTrackPublished',
  LocalTrackUnpublished: 'localTrackUnpublished',
  ParticipantMetadataChanged: 'participantMetadataChanged',
  ParticipantNameChanged: 'participantNameChanged',
  ParticipantPermissionsChanged: 'participantPermissionsChanged',
  IsSpeakingChanged: 'isSpeakingChanged',
  MediaDevicesError: 'mediaDevicesError',
} as const;
export type ParticipantEvent = (typeof ParticipantEvent)[keyof typeof ParticipantEvent];

export const TrackEvent = {
  Muted: 'muted',
  Unmuted: 'unmuted',
  /** The source stopped by itself: the device was unplugged, or the person stopped sharing. */
  Ended: 'ended',
  /** `mediaStreamTrack` is another one now; attached elements already play it. */
  Restarted: 'restarted',
  ElementAttached: 'elementAttached',
  ElementDetached: 'elementDetached',
  AudioPlaybackFailed: 'audioPlaybackFailed',
} as const;
export type TrackEvent = (typeof TrackEvent)[keyof typeof TrackEvent];

export const ConnectionState = {
  Disconnected: 'disconnected',
  Connecting: 'connecting',
  Connected: 'connected',
  Reconnecting: 'reconnecting',
  SignalReconnecting: 'signalReconnecting',
} as const;
export type ConnectionState = (typeof ConnectionState)[keyof typeof ConnectionState];

/** Why a connection ended. */
export const DisconnectReason = {
  UNKNOWN_REASON: 'unknown',
  CLIENT_INITIATED: 'client_left',
  DUPLICATE_IDENTITY: 'duplicate_identity',
  SERVER_SHUTDOWN: 'server_shutdown',
  PARTICIPANT_REMOVED: 'participant_removed',
  ROOM_DELETED: 'room_closed',
  ROOM_CLOSED: 'room_closed',
  CONNECTION_TIMEOUT: 'connection_timeout',
  MEDIA_FAILURE: 'media_failed',
} as const;
export type DisconnectReason = (typeof DisconnectReason)[keyof typeof DisconnectReason];

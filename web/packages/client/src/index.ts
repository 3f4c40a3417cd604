export { Room } from './room/Room.js';
export type { RoomEvents } from './room/RoomEvents.js';
export type { RoomConnectOptions, RoomOptions } from './room/options.js';
export { ConnectionState, DisconnectReason, ParticipantEvent, RoomEvent, TrackEvent } from './room/events.js';
export { Participant, type ParticipantEvents } from './participant/Participant.js';
export { LocalParticipant } from './participant/LocalParticipant.js';
export { RemoteParticipant } from './participant/RemoteParticipant.js';
export { LocalTrackPublication, RemoteTrackPublication, TrackPublication } from './publication/TrackPublication.js';
export { Track, type TrackEvents } from './track/Track.js';
export { LocalTrack, type LocalAudioTrack, type LocalVideoTrack } from './track/LocalTrack.js';
export { RemoteTrack, type RemoteAudioTrack, type RemoteVideoTrack } from './track/RemoteTrack.js';
export {
  createLocalAudioTrack,
  createLocalScreenTracks,
  createLocalTracks,
  createLocalVideoTrack,
  type CreateLocalTracksOptions,
} from './track/capture.js';
export {
  VideoPresets,
  type AudioCaptureOptions,
  type ScreenShareCaptureOptions,
  type TrackPublishOptions,
  type VideoCaptureOptions,
  type VideoCodec,
  type VideoEncoding,
  type VideoResolution,
} from './track/options.js';
export { ConnectionError, MediaDeviceFailure, PublishError, type ConnectionErrorCode } from './errors.js';
export { DefaultReconnectPolicy, type ReconnectContext, type ReconnectPolicy } from './recovery/ReconnectPolicy.js';
export { LogLevel, setLogLevel } from './log.js';
export type { Permissions, TrackKind, TrackSource } from './signal/contract.js';
export { version } from './version.js';

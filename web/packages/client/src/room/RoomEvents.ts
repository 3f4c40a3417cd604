import type { ConnectionError, MediaDeviceFailure } from '../errors.js';
import type { LocalParticipant } from '../participant/LocalParticipant.js';
import type { Participant } from '../participant/Participant.js';
import type { RemoteParticipant } from '../participant/RemoteParticipant.js';
import type { LocalTrackPublication, RemoteTrackPublication, TrackPublication } from '../publication/TrackPublication.js';
import type { DisconnectReason, Permissions } from '../signal/contract.js';
import type { RemoteTrack } from '../track/RemoteTrack.js';
import type { ConnectionState } from './events.js';

export interface RoomEvents {
  connected: () => void;
  reconnecting: () => void;
  signalReconnecting: () => void;
  reconnected: () => void;
  /** `error` tells more when the connection could not be restored. */
  disconnected: (reason: DisconnectReason, error?: ConnectionError) => void;
  connectionStateChanged: (state: ConnectionState) => void;
  participantConnected: (participant: RemoteParticipant) => void;
  participantDisconnected: (participant: RemoteParticipant, reason: DisconnectReason) => void;
  participantMetadataChanged: (before: string, participant: Participant) => void;
  participantNameChanged: (name: string, participant: Participant) => void;
  participantPermissionsChanged: (before: Permissions | undefined, participant: Participant) => void;
  trackPublished: (publication: RemoteTrackPublication, participant: RemoteParticipant) => void;
  trackUnpublished: (publication: RemoteTrackPublication, participant: RemoteParticipant) => void;
  trackSubscribed: (track: RemoteTrack, publication: RemoteTrackPublication, participant: RemoteParticipant) => void;
  trackUnsubscribed: (track: RemoteTrack, publication: RemoteTrackPublication, participant: RemoteParticipant) => void;
  trackMuted: (publication: TrackPublication, participant: Participant) => void;
  trackUnmuted: (publication: TrackPublication, participant: Participant) => void;
  localTrackPublished: (publication: LocalTrackPublication, participant: LocalParticipant) => void;
  localTrackUnpublished: (publication: LocalTrackPublication, participant: LocalParticipant) => void;
  activeSpeakersChanged: (speakers: Participant[]) => void;
  audioPlaybackStatusChanged: (canPlay: boolean) => void;
  mediaDevicesError: (error: Error, failure: MediaDeviceFailure | undefined) => void;
  mediaDevicesChanged: () => void;
}

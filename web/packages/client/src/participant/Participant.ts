import { TypedEmitter } from '../events/TypedEmitter.js';
import { ParticipantEvent } from '../room/events.js';
import type { ParticipantInfo, ParticipantKind, Permissions, TrackSource } from '../signal/contract.js';
import type { MediaDeviceFailure } from '../errors.js';
import type { LocalTrackPublication, RemoteTrackPublication, TrackPublication } from '../publication/TrackPublication.js';
import type { RemoteTrack } from '../track/RemoteTrack.js';

export interface ParticipantEvents {
  trackPublished: (publication: RemoteTrackPublication) => void;
  trackUnpublished: (publication: RemoteTrackPublication) => void;
  trackSubscribed: (track: RemoteTrack, publication: RemoteTrackPublication) => void;
  trackUnsubscribed: (track: RemoteTrack, publication: RemoteTrackPublication) => void;
  trackMuted: (publication: TrackPublication) => void;
  trackUnmuted: (publication: TrackPublication) => void;
  localTrackPublished: (publication: LocalTrackPublication) => void;
  localTrackUnpublished: (publication: LocalTrackPublication) => void;
  participantMetadataChanged: (before: string) => void;
  participantNameChanged: (name: string) => void;
  participantPermissionsChanged: (before: Permissions | undefined) => void;
  isSpeakingChanged: (speaking: boolean) => void;
  mediaDevicesError: (error: Error, failure: MediaDeviceFailure | undefined) => void;
}

/** Somebody in the room. */
export abstract class Participant<P extends TrackPublication = TrackPublication> extends TypedEmitter<ParticipantEvents> {
  /** By track sid. */
  readonly trackPublications = new Map<string, P>();
  sid = '';
  identity = '';
  name = '';
  metadata = '';
  permissions: Permissions | undefined;
  joinedAt: Date | undefined;
  /** `ingress` publishes by WHIP, `viewer` watches by WHEP. */
  kind: ParticipantKind = 'standard';
  /** 0 to 1, of the microphone as heard here. */
  audioLevel = 0;
  isSpeaking = false;

  abstract readonly isLocal: boolean;

  get audioTrackPublications(): Map<string, P> {
    return this.ofKind('audio');
  }

  get videoTrackPublications(): Map<string, P> {
    return this.ofKind('video');
  }

  getTrackPublication(source: TrackSource): P | undefined {
    return this.getTrackPublications().find((publication) => publication.source === source);
  }

  getTrackPublications(): P[] {
    return [...this.trackPublications.values()];
  }

  get isCameraEnabled(): boolean {
    return this.isEnabled('camera');
  }

  get isMicrophoneEnabled(): boolean {
    return this.isEnabled('microphone');
  }

  get isScreenShareEnabled(): boolean {
    return this.isEnabled('screen_share');
  }

  /** @internal */
  updateInfo(info: ParticipantInfo): void {
    const { name, metadata, permissions } = this;
    const known = this.sid === info.sid;
    this.sid = info.sid;
    this.identity = info.identity;
    this.name = info.name;
    this.metadata = info.metadata;
    this.permissions = info.permissions;
    this.joinedAt = new Date(info.joinedAt);
    this.kind = info.kind;
    if (!known) {
      return;
    }
    if (name !== info.name) {
      this.emit(ParticipantEvent.ParticipantNameChanged, info.name);
    }
    if (metadata !== info.metadata) {
      this.emit(ParticipantEvent.ParticipantMetadataChanged, metadata);
    }
    if (JSON.stringify(permissions) !== JSON.stringify(info.permissions)) {
      this.emit(ParticipantEvent.ParticipantPermissionsChanged, permissions);
    }
  }

  /** @internal */
  setSpeaking(speaking: boolean): void {
    if (this.isSpeaking !== speaking) {
      this.isSpeaking = speaking;
      this.emit(ParticipantEvent.IsSpeakingChanged, speaking);
    }
  }

  private ofKind(kind: 'audio' | 'video'): Map<string, P> {
    return new Map([...this.trackPublications].filter(([, publication]) => publication.kind === kind));
  }

  private isEnabled(source: TrackSource): boolean {
    const publication = this.getTrackPublication(source);
    return publication !== undefined && !publication.isMuted;
  }
}

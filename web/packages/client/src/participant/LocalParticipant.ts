import { ConnectionError, MediaDeviceFailure, PublishError } from '../errors.js';
import { LocalTrackPublication } from '../publication/TrackPublication.js';
import { ParticipantEvent, TrackEvent } from '../room/events.js';
import type { TrackSource } from '../signal/contract.js';
import { createLocalAudioTrack, createLocalScreenTracks, createLocalVideoTrack } from '../track/capture.js';
import { LocalTrack } from '../track/LocalTrack.js';
import type {
  AudioCaptureOptions,
  ScreenShareCaptureOptions,
  TrackPublishOptions,
  VideoCaptureOptions,
} from '../track/options.js';
import { Participant } from './Participant.js';

/** @internal What the participant needs from its room. */
export interface Publisher {
  readonly publishDefaults: TrackPublishOptions;
  readonly videoCaptureDefaults: VideoCaptureOptions;
  readonly audioCaptureDefaults: AudioCaptureOptions;
  publish(track: LocalTrack, options: TrackPublishOptions): Promise<LocalTrackPublication>;
  unpublish(publication: LocalTrackPublication): Promise<void>;
  announceMute(publication: LocalTrackPublication): void;
}

/** We. */
export class LocalParticipant extends Participant<LocalTrackPublication> {
  readonly isLocal = true;
  /** The last failure to get a device. */
  lastCameraError: Error | undefined;
  lastMicrophoneError: Error | undefined;
  private readonly turns = new Map<TrackSource, Promise<unknown>>();

  /** @internal */
  constructor(private readonly publisher: Publisher) {
    super();
  }

  /** Rejects with the error of `getUserMedia` (see `MediaDeviceFailure.getFailure`) or with `ConnectionError`. */
  setCameraEnabled(
    enabled: boolean,
    options?: VideoCaptureOptions,
    publishOptions?: TrackPublishOptions,
  ): Promise<LocalTrackPublication | undefined> {
    const create = async () => [await createLocalVideoTrack({ ...this.publisher.videoCaptureDefaults, ...options })];
    return this.setEnabled('camera', enabled, create, publishOptions);
  }

  /** Rejects like `setCameraEnabled`. */
  setMicrophoneEnabled(
    enabled: boolean,
    options?: AudioCaptureOptions,
    publishOptions?: TrackPublishOptions,
  ): Promise<LocalTrackPublication | undefined> {
    const create = async () => [await createLocalAudioTrack({ ...this.publisher.audioCaptureDefaults, ...options })];
    return this.setEnabled('microphone', enabled, create, publishOptions);
  }

  /** The browser asks what to share. Rejects with `NotAllowedError` when the person cancels. */
  setScreenShareEnabled(
    enabled: boolean,
    options?: ScreenShareCaptureOptions,
    publishOptions?: TrackPublishOptions,
  ): Promise<LocalTrackPublication | undefined> {
    return this.setEnabled('screen_share', enabled, () => createLocalScreenTracks(options), publishOptions);
  }

  /** Camera and microphone, asked for one after the other. */
  async enableCameraAndMicrophone(): Promise<void> {
    await Promise.all([this.setCameraEnabled(true), this.setMicrophoneEnabled(true)]);
  }

  /** Resolves when the server has taken the track. A `MediaStreamTrack` that the app brings is not stopped by mute. */
  async publishTrack(
    track: LocalTrack | MediaStreamTrack,
    options: TrackPublishOptions = {},
  ): Promise<LocalTrackPublication> {
    const local = track instanceof LocalTrack ? track : new LocalTrack(track, options.source ?? 'unknown');
    if (options.source !== undefined) {
      local.source = options.source;
    }
    const present = this.getTrackPublications().find((publication) => publication.track === local);
    if (present !== undefined) {
      return present;
    }
    if (local.mediaStreamTrack.readyState === 'ended' && !local.isMuted) {
      throw new PublishError('The track has ended and cannot be published.');
    }
    const publication = await this.publisher.publish(local, { ...this.publisher.publishDefaults, ...options });
    this.trackPublications.set(publication.trackSid, publication);
    local.sid = publication.trackSid;
    local.on(TrackEvent.Muted, this.onMuted).on(TrackEvent.Unmuted, this.onUnmuted).on(TrackEvent.Ended, this.onEnded);
    this.emit(ParticipantEvent.LocalTrackPublished, publication);
    return publication;
  }

  async unpublishTrack(
    track: LocalTrack | MediaStreamTrack,
    stopOnUnpublish?: boolean,
  ): Promise<LocalTrackPublication | undefined> {
    const publication = this.getTrackPublications().find(
      (candidate) => candidate.track === track || candidate.track.mediaStreamTrack === track,
    );
    if (publication === undefined) {
      return undefined;
    }
    this.trackPublications.delete(publication.trackSid);
    const local = publication.track;
    local.off(TrackEvent.Muted, this.onMuted).off(TrackEvent.Unmuted, this.onUnmuted).off(TrackEvent.Ended, this.onEnded);
    if (stopOnUnpublish ?? publication.options.stopOnUnpublish ?? true) {
      local.stop();
    }
    this.emit(ParticipantEvent.LocalTrackUnpublished, publication);
    await this.publisher.unpublish(publication);
    return publication;
  }

  /** @internal The room was joined anew: the same track has another sid. */
  rename(publication: LocalTrackPublication, formerSid: string): void {
    this.trackPublications.delete(formerSid);
    this.trackPublications.set(publication.trackSid, publication);
    publication.track.sid = publication.trackSid;
  }

  /** @internal The room is left: devices are let go, nobody has to be told. */
  dropTracks(stop: boolean): LocalTrackPublication[] {
    const dropped = this.getTrackPublications();
    this.trackPublications.clear();
    for (const { track } of dropped) {
      track.off(TrackEvent.Muted, this.onMuted).off(TrackEvent.Unmuted, this.onUnmuted).off(TrackEvent.Ended, this.onEnded);
      if (stop) {
        track.stop();
      }
    }
    return dropped;
  }

  /** One change at a time per source, so that a quick double click ends in the state asked for last. */
  private setEnabled(
    source: TrackSource,
    enabled: boolean,
    create: () => Promise<LocalTrack[]>,
    publishOptions: TrackPublishOptions | undefined,
  ): Promise<LocalTrackPublication | undefined> {
    const before = this.turns.get(source) ?? Promise.resolve();
    const turn = before.then(() =>
      enabled ? this.enable(source, create, publishOptions) : this.disable(source),
    );
    this.turns.set(source, turn.catch(() => undefined));
    return turn;
  }

  private async enable(
    source: TrackSource,
    create: () => Promise<LocalTrack[]>,
    publishOptions: TrackPublishOptions | undefined,
  ): Promise<LocalTrackPublication | undefined> {
    const present = this.getTrackPublication(source);
    if (present !== undefined) {
      await this.watchDevice(source, () => present.unmute());
      return present;
    }
    if (!this.mayPublish(source)) {
      // Before the device is opened: no camera light comes on for a picture that may not be shown.
      throw new ConnectionError('permission_denied', 'The token does not allow to publish this source.');
    }
    const tracks = await this.watchDevice(source, create);
    try {
      await Promise.all(tracks.map((track) => this.publishTrack(track, publishOptions)));
    } catch (error) {
      tracks.forEach((track) => track.stop());
      throw error;
    }
    return this.getTrackPublication(source);
  }

  private mayPublish(source: TrackSource): boolean {
    if (this.permissions === undefined) {
      return true;
    }
    const { canPublish, canPublishSources } = this.permissions;
    return canPublish && (canPublishSources.length === 0 || canPublishSources.includes(source));
  }

  private async disable(source: TrackSource): Promise<LocalTrackPublication | undefined> {
    const publication = this.getTrackPublication(source);
    if (publication === undefined) {
      return undefined;
    }
    if (source !== 'screen_share') {
      await publication.mute();
      return publication;
    }
    const sound = this.getTrackPublication('screen_share_audio');
    await Promise.all([publication, sound].map((shared) => shared && this.unpublishTrack(shared.track)));
    return publication;
  }

  private async watchDevice<T>(source: TrackSource, get: () => Promise<T>): Promise<T> {
    try {
      return await get();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (source === 'camera') {
        this.lastCameraError = failure;
      } else if (source === 'microphone') {
        this.lastMicrophoneError = failure;
      }
      this.emit(ParticipantEvent.MediaDevicesError, failure, MediaDeviceFailure.getFailure(error));
      throw error;
    }
  }

  private readonly onMuted = (track: unknown): void => this.handleMute(track, ParticipantEvent.TrackMuted);

  private readonly onUnmuted = (track: unknown): void => this.handleMute(track, ParticipantEvent.TrackUnmuted);

  private readonly onEnded = (track: unknown): void => {
    const publication = this.publicationOf(track);
    if (publication === undefined) {
      return;
    }
    const ending = publication.track.isUserProvided
      ? this.unpublishTrack(publication.track)
      : publication.mute().then(() => {
          const error = new DOMException('The device was disconnected.', 'NotFoundError');
          this.emit(ParticipantEvent.MediaDevicesError, error, MediaDeviceFailure.NotFound);
        });
    ending.catch((error: Error) => this.emit(ParticipantEvent.MediaDevicesError, error, undefined));
  };

  private handleMute(track: unknown, event: 'trackMuted' | 'trackUnmuted'): void {
    const publication = this.publicationOf(track);
    if (publication !== undefined) {
      this.publisher.announceMute(publication);
      this.emit(event, publication);
    }
  }

  private publicationOf(track: unknown): LocalTrackPublication | undefined {
    return this.getTrackPublications().find((candidate) => candidate.track === track);
  }
}

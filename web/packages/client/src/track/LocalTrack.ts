import { TrackEvent } from '../room/events.js';
import type { TrackKind, TrackSource } from '../signal/contract.js';
import { Track } from './Track.js';

/** How a track gets its source again after it was let go; absent when the app brought the browser track. */
export type Acquire = (deviceId?: string) => Promise<MediaStreamTrack>;

/** A track of ours. Muting a camera turns it off (its light too); muting a microphone keeps it open, for a quick return. */
export class LocalTrack extends Track {
  private rtpSender: RTCRtpSender | undefined;
  private stopListening: () => void = () => undefined;
  private work: Promise<unknown> = Promise.resolve();
  private deviceId: string | undefined;

  constructor(
    track: MediaStreamTrack,
    source: TrackSource = 'unknown',
    private readonly acquire?: Acquire,
  ) {
    super(track.kind as TrackKind, track);
    this.source = source;
    this.watchEnd(track);
  }

  get isUserProvided(): boolean {
    return this.acquire === undefined;
  }

  get sender(): RTCRtpSender | undefined {
    return this.rtpSender;
  }

  /** What is sent: null while a muted camera is off. */
  get sendingTrack(): MediaStreamTrack | null {
    return this.muted && this.releasesOnMute ? null : this.mediaStreamTrack;
  }

  /** Pixels; undefined for audio and before the source said them. */
  get dimensions(): { width: number; height: number } | undefined {
    const { width, height } = this.mediaStreamTrack.getSettings();
    return width === undefined || height === undefined ? undefined : { width, height };
  }

  mute(): Promise<this> {
    return this.inTurn(async () => {
      if (this.muted) {
        return;
      }
      this.muted = true;
      if (this.releasesOnMute) {
        this.stopListening();
        this.mediaStreamTrack.stop();
        await this.rtpSender?.replaceTrack(null);
      } else {
        this.mediaStreamTrack.enabled = false;
      }
      this.emit(TrackEvent.Muted, this);
    });
  }

  /** Rejects with the error of `getUserMedia` when the device cannot be had again; the track stays muted then. */
  unmute(): Promise<this> {
    return this.inTurn(async () => {
      if (!this.muted) {
        return;
      }
      if (this.mediaStreamTrack.readyState === 'ended') {
        await this.reacquire();
      }
      this.mediaStreamTrack.enabled = true;
      this.muted = false;
      await this.rtpSender?.replaceTrack(this.mediaStreamTrack);
      this.emit(TrackEvent.Unmuted, this);
    });
  }

  /** Goes on with another device; while muted the device is used at the next unmute. */
  setDeviceId(deviceId: string): Promise<this> {
    return this.inTurn(async () => {
      this.deviceId = deviceId;
      if (this.muted && this.releasesOnMute) {
        return;
      }
      this.stopListening();
      this.mediaStreamTrack.stop();
      await this.reacquire();
      this.mediaStreamTrack.enabled = !this.muted;
      await this.rtpSender?.replaceTrack(this.mediaStreamTrack);
    });
  }

  /** Goes on with a track that the app brings. */
  replaceTrack(track: MediaStreamTrack): Promise<this> {
    return this.inTurn(async () => {
      this.stopListening();
      this.adopt(track);
      track.enabled = !this.muted || this.releasesOnMute;
      await this.rtpSender?.replaceTrack(this.sendingTrack);
    });
  }

  /** Lets the source go. */
  stop(): void {
    this.stopListening();
    this.mediaStreamTrack.stop();
  }

  async getRTCStatsReport(): Promise<RTCStatsReport | undefined> {
    return this.rtpSender?.getStats();
  }

  /** @internal */
  setSender(sender: RTCRtpSender | undefined): void {
    this.rtpSender = sender;
  }

  private get releasesOnMute(): boolean {
    return this.source === 'camera' && this.acquire !== undefined;
  }

  private async reacquire(): Promise<void> {
    if (this.acquire === undefined) {
      throw new DOMException('The track that the app brought has ended.', 'InvalidStateError');
    }
    this.adopt(await this.acquire(this.deviceId));
  }

  private adopt(track: MediaStreamTrack): void {
    this.watchEnd(track);
    this.exchange(track);
  }

  private watchEnd(track: MediaStreamTrack): void {
    this.stopListening();
    const onEnded = () => this.emit(TrackEvent.Ended, this);
    track.addEventListener('ended', onEnded);
    this.stopListening = () => track.removeEventListener('ended', onEnded);
  }

  private inTurn(run: () => Promise<void>): Promise<this> {
    const done = this.work.then(run).then(() => this);
    this.work = done.catch(() => undefined);
    return done;
  }
}

export type LocalAudioTrack = LocalTrack & { readonly kind: 'audio' };
export type LocalVideoTrack = LocalTrack & { readonly kind: 'video' };

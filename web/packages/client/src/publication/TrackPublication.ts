import type { TrackInfo, TrackKind, TrackSource } from '../signal/contract.js';
import type { LocalTrack } from '../track/LocalTrack.js';
import type { TrackPublishOptions } from '../track/options.js';
import type { RemoteTrack } from '../track/RemoteTrack.js';
import type { Track } from '../track/Track.js';

/** A track that a participant offers to the room, whether or not it is received here. */
export abstract class TrackPublication {
  /** @internal */
  constructor(protected info: TrackInfo) {}

  abstract readonly track: Track | undefined;

  get trackSid(): string {
    return this.info.sid;
  }

  get trackName(): string {
    return this.info.name;
  }

  get kind(): TrackKind {
    return this.info.kind;
  }

  get source(): TrackSource {
    return this.info.source;
  }

  /** Such as `video/VP8`; empty until negotiated. */
  get mimeType(): string {
    return this.info.mimeType;
  }

  /** Pixels; undefined for audio. */
  get dimensions(): { width: number; height: number } | undefined {
    return this.info.width > 0 ? { width: this.info.width, height: this.info.height } : undefined;
  }

  get isMuted(): boolean {
    return this.info.muted;
  }

  abstract get isSubscribed(): boolean;

  get audioTrack(): Track | undefined {
    return this.kind === 'audio' ? this.track : undefined;
  }

  get videoTrack(): Track | undefined {
    return this.kind === 'video' ? this.track : undefined;
  }

  /** @internal */
  update(info: TrackInfo): void {
    this.info = info;
  }
}

export class RemoteTrackPublication extends TrackPublication {
  track: RemoteTrack | undefined;
  /** @internal What the app asked for; undefined while it leaves that to `autoSubscribe`. */
  desired: boolean | undefined;

  /** @internal */
  constructor(
    info: TrackInfo,
    private readonly ask: (trackSid: string, subscribe: boolean) => void,
  ) {
    super(info);
  }

  /** True while the track is received. */
  get isSubscribed(): boolean {
    return this.track !== undefined;
  }

  /** Receives the track or not; `TrackSubscribed` or `TrackUnsubscribed` tells when it is done. */
  setSubscribed(subscribed: boolean): void {
    this.desired = subscribed;
    this.ask(this.trackSid, subscribed);
  }
}

export class LocalTrackPublication extends TrackPublication {
  /** @internal */
  constructor(
    info: TrackInfo,
    readonly track: LocalTrack,
    readonly options: TrackPublishOptions,
  ) {
    super(info);
  }

  override get isMuted(): boolean {
    return this.track.isMuted;
  }

  get isSubscribed(): boolean {
    return true;
  }

  /** Resolves when the device is off and the others are told. */
  async mute(): Promise<void> {
    await this.track.mute();
  }

  async unmute(): Promise<void> {
    await this.track.unmute();
  }
}

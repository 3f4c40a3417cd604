import type { Engine } from '../engine/Engine.js';
import type { OutgoingTrack } from '../engine/OutgoingTrack.js';
import { ConnectionError } from '../errors.js';
import { log } from '../log.js';
import type { Publisher } from '../participant/LocalParticipant.js';
import { LocalTrackPublication } from '../publication/TrackPublication.js';
import type { TrackInfo } from '../signal/contract.js';
import type { LocalTrack } from '../track/LocalTrack.js';
import { encodingFor, type TrackPublishOptions } from '../track/options.js';
import type { RoomOptions } from './options.js';

/** Between the local participant and the engine: what is published, as the server knows it. */
export class LocalPublisher implements Publisher {
  engine: Engine | undefined;
  onRenamed: (publication: LocalTrackPublication, formerSid: string) => void = () => undefined;
  private readonly outgoing = new Map<LocalTrackPublication, OutgoingTrack>();
  private readonly infos = new Map<string, TrackInfo>();
  private readonly devices: { videoinput?: string; audioinput?: string } = {};

  constructor(private readonly options: RoomOptions) {}

  get publishDefaults(): TrackPublishOptions {
    const stopOnUnpublish = this.options.stopLocalTrackOnUnpublish ?? true;
    return { videoCodec: 'vp8', stopOnUnpublish, ...this.options.publishDefaults };
  }

  get videoCaptureDefaults() {
    const deviceId = this.devices.videoinput;
    return { ...this.options.videoCaptureDefaults, ...(deviceId === undefined ? {} : { deviceId }) };
  }

  get audioCaptureDefaults() {
    const deviceId = this.devices.audioinput;
    return { ...this.options.audioCaptureDefaults, ...(deviceId === undefined ? {} : { deviceId }) };
  }

  /** The device to use from now on. */
  remember(kind: 'videoinput' | 'audioinput', deviceId: string): void {
    this.devices[kind] = deviceId;
  }

  /** What the server says about a track of ours, which may come before the publish is answered. */
  noteInfo(info: TrackInfo): void {
    this.infos.set(info.sid, info);
  }

  async publish(track: LocalTrack, options: TrackPublishOptions): Promise<LocalTrackPublication> {
    const engine = this.engine;
    if (engine === undefined) {
      throw new ConnectionError('not_joined', 'Connect to a room before publishing.');
    }
    let publication: LocalTrackPublication | undefined;
    const outgoing: OutgoingTrack = {
      track,
      encoding: encodingFor(track.source, track.kind, track.dimensions, options),
      codec: track.kind === 'video' ? options.videoCodec : undefined,
      sid: '',
      announcement: () => ({
        kind: track.kind,
        source: track.source,
        name: options.name ?? track.source,
        muted: track.isMuted,
        width: track.dimensions?.width ?? 0,
        height: track.dimensions?.height ?? 0,
      }),
      onReannounced: (info) => {
        if (publication !== undefined) {
          const formerSid = publication.trackSid;
          publication.update(info);
          this.onRenamed(publication, formerSid);
        }
      },
    };
    const muted = track.isMuted;
    const info = await engine.publish(outgoing);
    publication = new LocalTrackPublication(this.infos.get(info.sid) ?? info, track, options);
    this.outgoing.set(publication, outgoing);
    if (track.isMuted !== muted) {
      this.announceMute(publication);
    }
    return publication;
  }

  async unpublish(publication: LocalTrackPublication): Promise<void> {
    const outgoing = this.outgoing.get(publication);
    this.outgoing.delete(publication);
    this.infos.delete(publication.trackSid);
    if (outgoing !== undefined) {
      await this.engine?.unpublish(outgoing);
    }
  }

  announceMute(publication: LocalTrackPublication): void {
    const outgoing = this.outgoing.get(publication);
    if (outgoing !== undefined) {
      this.engine?.setMuted(outgoing).catch((error: unknown) => {
        if (!(error instanceof ConnectionError && error.code === 'cancelled')) {
          log.warn('a mute was not announced', error);
        }
      });
    }
  }
}

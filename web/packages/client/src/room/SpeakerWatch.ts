import { log } from '../log.js';
import type { LocalParticipant } from '../participant/LocalParticipant.js';
import type { Participant } from '../participant/Participant.js';
import type { RemoteParticipant } from '../participant/RemoteParticipant.js';
import { ActiveSpeakers } from '../speakers/ActiveSpeakers.js';
import { Loudness } from '../speakers/Loudness.js';
import type { TrackMeter } from '../speakers/TrackMeter.js';
import type { Clock } from '../time/Clock.js';
import { RoomEvent } from './events.js';
import type { Room } from './Room.js';

const periodMs = 250;

interface SpeakerEnvironment {
  readonly clock: Clock;
  createTrackMeter(track: MediaStreamTrack): TrackMeter | undefined;
}

/** Looks at the loudness of everybody's microphone and tells the room who speaks. */
export class SpeakerWatch {
  active: Participant[] = [];
  private machine = new ActiveSpeakers();
  private sources = new WeakMap<MediaStreamTrack, Loudness>();
  private meter: TrackMeter | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly room: Room,
    private readonly env: SpeakerEnvironment,
  ) {}

  start(): void {
    this.stop();
    this.machine = new ActiveSpeakers();
    this.schedule();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.active = [];
    this.closeMeter();
  }

  private schedule(): void {
    const cancel = this.env.clock.after(periodMs, () => {
      this.look()
        .catch((error: unknown) => log.debug('nobody knows who speaks just now', error))
        .finally(() => this.cancel === cancel && this.schedule());
    });
    this.cancel = cancel;
  }

  private async look(): Promise<void> {
    const { localParticipant: local, remoteParticipants } = this.room;
    const looked = this.cancel;
    const people: Participant[] = [...remoteParticipants.values(), local];
    const levels = new Map<string, number>();
    await Promise.all([
      this.localLevel(local).then(
        (level) => levels.set(local.identity, level),
        (error: unknown) => log.debug('our own loudness is not known just now', error),
      ),
      ...[...remoteParticipants].map(async ([identity, other]) => levels.set(identity, await this.remoteLevel(other))),
    ]);
    if (this.cancel !== looked) {
      return;
    }
    for (const participant of people) {
      participant.audioLevel = levels.get(participant.identity) ?? 0;
    }
    const speaking = this.machine.handleLevels(this.env.clock.now(), levels);
    if (speaking === undefined) {
      return;
    }
    this.active = speaking.flatMap((identity) => people.find((participant) => participant.identity === identity) ?? []);
    people.forEach((participant) => participant.setSpeaking(speaking.includes(participant.identity)));
    this.room.emit(RoomEvent.ActiveSpeakersChanged, this.active);
  }

  private async remoteLevel(participant: RemoteParticipant): Promise<number> {
    const publication = participant.getTrackPublication('microphone');
    const track = publication?.track;
    if (track === undefined || publication?.isMuted !== false) {
      return 0;
    }
    return this.measured(track.mediaStreamTrack, await track.getRTCStatsReport(), 'inbound-rtp') ?? 0;
  }

  private async localLevel(local: LocalParticipant): Promise<number> {
    const track = local.getTrackPublication('microphone')?.track;
    if (track === undefined || track.isMuted) {
      this.closeMeter();
      return 0;
    }
    const source = track.mediaStreamTrack;
    const report = await track.getRTCStatsReport();
    const level = this.measured(source, report, 'media-source');
    if (level !== undefined || report === undefined || this.cancel === undefined) {
      return level ?? 0;
    }
    // Firefox (153) tells the loudness of what it receives, not of what it sends.
    if (this.meter?.track !== source) {
      this.closeMeter();
      this.meter = this.env.createTrackMeter(source);
    }
    return this.meter?.read() ?? 0;
  }

  /** Undefined when the browser does not say. */
  private measured(track: MediaStreamTrack, report: RTCStatsReport | undefined, type: string): number | undefined {
    const loudness = this.sources.get(track) ?? new Loudness();
    this.sources.set(track, loudness);
    let level: number | undefined;
    report?.forEach((entry: { type: string; totalAudioEnergy?: number; totalSamplesDuration?: number }) => {
      if (entry.type === type && entry.totalAudioEnergy !== undefined && entry.totalSamplesDuration !== undefined) {
        level = loudness.handleTotals(entry.totalAudioEnergy, entry.totalSamplesDuration);
      }
    });
    return level;
  }

  private closeMeter(): void {
    this.meter?.close();
    this.meter = undefined;
  }
}

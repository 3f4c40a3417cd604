import type { Participant } from '../participant/Participant.js';
import { ActiveSpeakers } from '../speakers/ActiveSpeakers.js';
import type { Clock } from '../time/Clock.js';
import { RoomEvent } from './events.js';
import type { Room } from './Room.js';

const periodMs = 250;

/** Looks at the loudness of everybody's microphone and tells the room who speaks. */
export class SpeakerWatch {
  active: Participant[] = [];
  private machine = new ActiveSpeakers();
  private cancel: (() => void) | undefined;

  constructor(
    private readonly room: Room,
    private readonly clock: Clock,
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
  }

  private schedule(): void {
    this.cancel = this.clock.after(periodMs, () => {
      this.look().then(
        () => this.cancel !== undefined && this.schedule(),
        () => this.cancel !== undefined && this.schedule(),
      );
    });
  }

  private async look(): Promise<void> {
    const people = new Map<string, Participant>([...this.room.remoteParticipants]);
    const levels = new Map<string, number>();
    for (const [identity, participant] of this.room.remoteParticipants) {
      const publication = participant.getTrackPublication('microphone');
      const source = publication?.track?.receiver.getSynchronizationSources?.()[0];
      levels.set(identity, publication?.isMuted === false ? (source?.audioLevel ?? 0) : 0);
    }
    const local = this.room.localParticipant;
    people.set(local.identity, local);
    levels.set(local.identity, await localLevel(local.getTrackPublication('microphone')?.track));
    const changed = this.machine.handleLevels(this.clock.now(), levels);
    if (changed === undefined || this.cancel === undefined) {
      return;
    }
    this.active = changed.flatMap((identity) => people.get(identity) ?? []);
    for (const [identity, participant] of people) {
      participant.setSpeaking(changed.includes(identity), levels.get(identity) ?? 0);
    }
    this.room.emit(RoomEvent.ActiveSpeakersChanged, this.active);
  }
}

async function localLevel(
  track: { isMuted: boolean; getRTCStatsReport(): Promise<RTCStatsReport | undefined> } | undefined,
): Promise<number> {
  if (track === undefined || track.isMuted) {
    return 0;
  }
  const report = await track.getRTCStatsReport();
  let level = 0;
  report?.forEach((entry: { type: string; audioLevel?: number }) => {
    if (entry.type === 'media-source') {
      level = entry.audioLevel ?? 0;
    }
  });
  return level;
}

import type { BindingChange } from '../negotiation/MidMap.js';
import type { LocalParticipant } from '../participant/LocalParticipant.js';
import { Roster, type RosterEvent } from '../roster/Roster.js';
import type { RoomChange, RoomState, TrackInfo } from '../signal/contract.js';
import type { RemoteMembers } from './RemoteMembers.js';

/**
 * Decides who hears what the server says about the room, and when: we ourselves or the others, quietly or told, at once or
 * after `Connected`.
 *
 * Use: `hold` when a connect begins, `release` when it is done, `forget` at the end.
 */
export class RosterFeed {
  private roster = new Roster();
  private waiting: (() => void)[] | undefined;

  constructor(
    private readonly local: LocalParticipant,
    private readonly members: RemoteMembers,
    private readonly noteOwnTrack: (info: TrackInfo) => void,
  ) {}

  /** True while a connect is under way. */
  get isHeld(): boolean {
    return this.waiting !== undefined;
  }

  get version(): number {
    return this.roster.version;
  }

  hold(): void {
    this.roster = new Roster();
    this.waiting = [];
  }

  release(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    waiting.forEach((run) => run());
  }

  forget(): void {
    this.waiting = undefined;
  }

  handleRejoin(): void {
    this.roster.handleRejoin();
  }

  /** Changes are kept until the snapshot that a resume brings. */
  handleResuming(): void {
    this.roster.needsSnapshot = true;
  }

  handleSnapshot(state: RoomState): void {
    this.apply(this.roster.handleSnapshot(state));
  }

  /** `needsSnapshot`: a change was missed, and only a snapshot tells what it was. */
  handleChange(change: RoomChange): { needsSnapshot: boolean } {
    this.apply(this.roster.handleChange(change));
    return { needsSnapshot: this.roster.needsSnapshot };
  }

  handleBindings(change: BindingChange, receiverOf: (mid: string) => RTCRtpReceiver | undefined): void {
    this.later(() => this.members.handleBindings(change, receiverOf));
  }

  private apply(events: RosterEvent[]): void {
    // Those who are there at the first snapshot are simply in the map when `Connected` is told.
    const quiet = this.isHeld && this.members.byIdentity.size === 0;
    for (const event of events) {
      if (event.participant.identity === this.local.identity) {
        this.applyToSelf(event);
      } else if (quiet) {
        this.members.apply(event, true);
      } else {
        this.later(() => this.members.apply(event, false));
      }
    }
  }

  private applyToSelf(event: RosterEvent): void {
    if (event.participant.sid !== this.local.sid) {
      return;
    }
    if (event.type === 'updated') {
      this.local.updateInfo(event.participant);
    } else if (event.type === 'trackUpdated' || event.type === 'trackPublished') {
      this.local.trackPublications.get(event.track.sid)?.update(event.track);
      this.noteOwnTrack(event.track);
    }
  }

  private later(run: () => void): void {
    if (this.waiting === undefined) {
      run();
    } else {
      this.waiting.push(run);
    }
  }
}

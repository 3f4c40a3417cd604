import type {
  DisconnectReason,
  ParticipantDeparture,
  ParticipantInfo,
  RoomChange,
  RoomState,
  TrackInfo,
} from '../signal/contract.js';

export type RosterEvent =
  | { type: 'joined'; participant: ParticipantInfo }
  | { type: 'updated'; before: ParticipantInfo; participant: ParticipantInfo }
  | { type: 'left'; participant: ParticipantInfo; reason: DisconnectReason }
  | { type: 'trackPublished'; participant: ParticipantInfo; track: TrackInfo }
  | { type: 'trackUpdated'; participant: ParticipantInfo; before: TrackInfo; track: TrackInfo }
  | { type: 'trackUnpublished'; participant: ParticipantInfo; track: TrackInfo };

/** Changes kept while a snapshot is on its way; more than a room makes in that time. */
const maxHeld = 1000;

/**
 * Who is in the room and with which tracks, as of one version. Changes apply in the order of their versions; one that came
 * twice is ignored; a gap is reported by `needsSnapshot`, and changes are kept until `handleSnapshot`.
 */
export class Roster {
  private participants = new Map<string, ParticipantInfo>();
  private held: RoomChange[] = [];
  private current: number | undefined;

  get version(): number {
    return this.current ?? 0;
  }

  /** True from a gap until the snapshot. */
  needsSnapshot = false;

  /** Another participant of ours begins, whose versions do not continue the former ones (a rejoin). */
  handleRejoin(): void {
    this.current = undefined;
    this.held = [];
    this.needsSnapshot = false;
  }

  handleSnapshot(state: RoomState): RosterEvent[] {
    const events: RosterEvent[] = [];
    const present = new Set(state.participants.map((participant) => participant.sid));
    for (const participant of [...this.participants.values()]) {
      if (!present.has(participant.sid)) {
        events.push(...this.remove(participant.sid, 'unknown'));
      }
    }
    for (const participant of state.participants) {
      events.push(...this.put(participant));
    }
    this.current = state.version;
    this.needsSnapshot = false;
    const held = this.held.sort((a, b) => a.version - b.version);
    this.held = [];
    for (const change of held) {
      events.push(...this.handleChange(change));
    }
    return events;
  }

  handleChange(change: RoomChange): RosterEvent[] {
    if (this.current === undefined || this.needsSnapshot) {
      this.hold(change);
      return [];
    }
    if (change.version <= this.current) {
      return [];
    }
    if (change.version > this.current + 1) {
      this.needsSnapshot = true;
      this.hold(change);
      return [];
    }
    this.current = change.version;
    return [
      ...change.left.flatMap((departure: ParticipantDeparture) => this.remove(departure.sid, departure.reason)),
      ...[...change.joined, ...change.updated].flatMap((participant: ParticipantInfo) => this.put(participant)),
    ];
  }

  private hold(change: RoomChange): void {
    this.held.push(change);
    if (this.held.length > maxHeld) {
      this.held.shift();
      this.needsSnapshot = true;
    }
  }

  private put(participant: ParticipantInfo): RosterEvent[] {
    const before = this.participants.get(participant.sid);
    this.participants.set(participant.sid, participant);
    if (before === undefined) {
      return [
        { type: 'joined', participant },
        ...participant.tracks.map((track): RosterEvent => ({ type: 'trackPublished', participant, track })),
      ];
    }
    return [...detailChanges(before, participant), ...trackChanges(before, participant)];
  }

  private remove(sid: string, reason: DisconnectReason): RosterEvent[] {
    const participant = this.participants.get(sid);
    if (participant === undefined) {
      return [];
    }
    this.participants.delete(sid);
    return [
      ...participant.tracks.map((track): RosterEvent => ({ type: 'trackUnpublished', participant, track })),
      { type: 'left', participant, reason },
    ];
  }
}

function detailChanges(before: ParticipantInfo, participant: ParticipantInfo): RosterEvent[] {
  const same =
    before.name === participant.name &&
    before.metadata === participant.metadata &&
    JSON.stringify(before.permissions) === JSON.stringify(participant.permissions);
  return same ? [] : [{ type: 'updated', before, participant }];
}

function trackChanges(before: ParticipantInfo, participant: ParticipantInfo): RosterEvent[] {
  const events: RosterEvent[] = [];
  const now = new Map(participant.tracks.map((track) => [track.sid, track]));
  const former = new Map(before.tracks.map((track) => [track.sid, track]));
  for (const track of before.tracks) {
    if (!now.has(track.sid)) {
      events.push({ type: 'trackUnpublished', participant, track });
    }
  }
  for (const track of participant.tracks) {
    const old = former.get(track.sid);
    if (old === undefined) {
      events.push({ type: 'trackPublished', participant, track });
    } else if (JSON.stringify(old) !== JSON.stringify(track)) {
      events.push({ type: 'trackUpdated', participant, before: old, track });
    }
  }
  return events;
}

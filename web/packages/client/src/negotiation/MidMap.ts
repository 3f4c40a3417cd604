/** What changed between two answers for the tracks received. */
export interface BindingChange {
  /** A track began in this section. */
  bound: { mid: string; trackSid: string }[];
  /** A track goes on in another section or on another transport. */
  moved: { mid: string; trackSid: string }[];
  /** A track is received no more. */
  released: string[];
}

/** Which section of the peer connection carries which track: the answer's `midToTrack` is the only source. */
export class MidMap {
  private midOfTrack = new Map<string, string>();
  private transportIsNew = false;

  /** The next answer is for another peer connection, so every track in it gets a new receiver. */
  handleNewTransport(): void {
    this.transportIsNew = true;
  }

  handleAnswer(midToTrack: Readonly<Record<string, string>>): BindingChange {
    const next = new Map(Object.entries(midToTrack).map(([mid, trackSid]) => [trackSid, mid]));
    const change: BindingChange = { bound: [], moved: [], released: [] };
    for (const trackSid of this.midOfTrack.keys()) {
      if (!next.has(trackSid)) {
        change.released.push(trackSid);
      }
    }
    for (const [trackSid, mid] of next) {
      const before = this.midOfTrack.get(trackSid);
      if (before === undefined) {
        change.bound.push({ mid, trackSid });
      } else if (before !== mid || this.transportIsNew) {
        change.moved.push({ mid, trackSid });
      }
    }
    this.midOfTrack = next;
    this.transportIsNew = false;
    return change;
  }

  midOf(trackSid: string): string | undefined {
    return this.midOfTrack.get(trackSid);
  }
}

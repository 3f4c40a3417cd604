/** Who speaks, from the loudness of everybody. Pure: `handleLevels` in, a changed list out. */
export class ActiveSpeakers {
  private readonly lastLoud = new Map<string, number>();
  private current: string[] = [];

  /**
   * @param threshold Loudness from 0 to 1 that counts as speech; 0.02 is a quiet voice.
   * @param holdMs A speaker stays one for so long after the last sound: pauses between words are not silence.
   */
  constructor(
    private readonly threshold = 0.02,
    private readonly holdMs = 700,
  ) {}

  /** Identities of those who speak, loudest first, when they changed; undefined when they did not. */
  handleLevels(now: number, levels: ReadonlyMap<string, number>): string[] | undefined {
    for (const [identity, level] of levels) {
      if (level >= this.threshold) {
        this.lastLoud.set(identity, now);
      }
    }
    for (const [identity, at] of this.lastLoud) {
      if (!levels.has(identity) || now - at > this.holdMs) {
        this.lastLoud.delete(identity);
      }
    }
    const next = [...this.lastLoud.keys()].sort((a, b) => (levels.get(b) ?? 0) - (levels.get(a) ?? 0));
    const same = next.length === this.current.length && next.every((identity) => this.current.includes(identity));
    if (same) {
      return undefined;
    }
    this.current = next;
    return next;
  }
}

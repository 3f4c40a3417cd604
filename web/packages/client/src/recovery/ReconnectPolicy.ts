export interface ReconnectContext {
  /** Attempts that failed since the connection was lost or last made progress; 0 before the first. */
  retryCount: number;
  /** Milliseconds since the connection was lost. */
  elapsedMs: number;
  /** True while audio and video still flow and only signaling is away. */
  mediaConnected: boolean;
  retryReason?: Error;
}

/** When to try again. A policy is one function of a context. */
export interface ReconnectPolicy {
  /** Milliseconds to wait before the next attempt; null gives up. */
  nextRetryDelayInMs(context: ReconnectContext): number | null;
}

const delays = [0, 300, 1200, 2700, 4800, 7000];

/**
 * Waits 0, 0.3, 1.2, 2.7, 4.8, then always 7 s, each after the second with up to a second more so that the clients of a
 * restarted server do not all come at once. Gives up after `windowMs` (60 s: as long as the server keeps the participant),
 * but never while media still flows: a call that people can hear is not ended because signaling is away.
 */
export class DefaultReconnectPolicy implements ReconnectPolicy {
  constructor(
    private readonly windowMs = 60_000,
    private readonly random: () => number = Math.random,
  ) {}

  nextRetryDelayInMs(context: ReconnectContext): number | null {
    if (context.elapsedMs >= this.windowMs && !context.mediaConnected) {
      return null;
    }
    const delay = delays[Math.min(context.retryCount, delays.length - 1)] ?? 0;
    return context.retryCount < 2 ? delay : delay + this.random() * 1000;
  }
}

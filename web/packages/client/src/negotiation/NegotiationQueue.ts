/** Receive-only sections to add before the next offer. */
export interface SectionDemand {
  audio: number;
  video: number;
}

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Runs negotiations one after the other. Requests that come while one is running are joined into one following run, so a
 * promise given out settles with a run that began after the request.
 *
 * Use: `request` any time; `hold` while there is nobody to offer to, `release` afterwards; `abandon` at the end.
 */
export class NegotiationQueue {
  private waiting: Waiter[] = [];
  private demand: SectionDemand = { audio: 0, video: 0 };
  private wanted = false;
  private running = false;
  private held = false;

  constructor(private readonly run: (demand: SectionDemand) => Promise<void>) {}

  /** The demand counts sections that the server misses now, so several demands join to the largest, not to the sum. */
  request(demand: SectionDemand = { audio: 0, video: 0 }): Promise<void> {
    this.demand = {
      audio: Math.max(this.demand.audio, demand.audio),
      video: Math.max(this.demand.video, demand.video),
    };
    this.wanted = true;
    const done = new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
    this.pump();
    return done;
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.pump();
  }

  /** Rejects whoever waits and forgets all demands. A run in progress ends by itself. */
  abandon(error: unknown): void {
    const waiters = this.waiting;
    this.waiting = [];
    this.wanted = false;
    this.demand = { audio: 0, video: 0 };
    for (const waiter of waiters) {
      waiter.reject(error);
    }
  }

  private pump(): void {
    if (this.running || this.held || !this.wanted) {
      return;
    }
    const waiters = this.waiting;
    const demand = this.demand;
    this.waiting = [];
    this.demand = { audio: 0, video: 0 };
    this.wanted = false;
    this.running = true;
    this.run(demand).then(
      () => this.finish(() => waiters.forEach((waiter) => waiter.resolve())),
      (error: unknown) => this.finish(() => waiters.forEach((waiter) => waiter.reject(error))),
    );
  }

  private finish(settle: () => void): void {
    this.running = false;
    settle();
    this.pump();
  }
}

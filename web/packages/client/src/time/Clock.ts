/** The only source of time, timers and chance in the SDK; a test brings its own. */
export interface Clock {
  /** Milliseconds, rising; only differences mean something. */
  now(): number;
  /** Calls `run` once after `ms` milliseconds; returns the way to call it off. */
  after(ms: number, run: () => void): () => void;
  /** 0 ≤ x < 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  random: () => Math.random(),
};

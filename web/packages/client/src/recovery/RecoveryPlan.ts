import { ConnectionError } from '../errors.js';
import { isTransient } from '../signal/failures.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** What people are told: nothing, that signaling is away, or that the call is interrupted. */
export type RecoveryStage = 'none' | 'signal' | 'full';

export type RecoveryAction = 'resume' | 'rejoin' | 'replaceTransport';

export type RecoveryStep =
  | { kind: 'none' }
  | { kind: RecoveryAction; delayMs: number }
  | { kind: 'giveUp'; error: ConnectionError };

/**
 * Decides how a broken connection is mended: signaling first (resume, or rejoin when the server refuses it), then the
 * transport. Pure: the caller tells what happened (`handle*`), asks for the `next` step and does it.
 */
export class RecoveryPlan {
  private signalLost = false;
  private transportLost = false;
  private rejoin = false;
  private lostAt = 0;
  private failures = 0;
  private fatal: ConnectionError | undefined;
  private lastError: ConnectionError | undefined;

  constructor(private readonly policy: ReconnectPolicy) {}

  get stage(): RecoveryStage {
    if (this.transportLost || this.rejoin) {
      return 'full';
    }
    return this.signalLost ? 'signal' : 'none';
  }

  get needsSignal(): boolean {
    return this.signalLost || this.rejoin;
  }

  handleSignalLost(now: number): void {
    this.begin(now);
    this.signalLost = true;
  }

  handleTransportLost(now: number): void {
    this.begin(now);
    this.transportLost = true;
  }

  /** The network came back: what waits is tried at once. */
  handleOnline(): void {
    this.failures = 0;
  }

  handleDone(action: RecoveryAction): void {
    this.failures = 0;
    this.lastError = undefined;
    switch (action) {
      case 'resume':
        this.signalLost = false;
        break;
      case 'rejoin':
        this.signalLost = false;
        this.transportLost = false;
        this.rejoin = false;
        break;
      case 'replaceTransport':
        this.transportLost = false;
        break;
    }
  }

  handleFailed(action: RecoveryAction, error: ConnectionError, now: number): void {
    this.begin(now);
    this.lastError = error;
    if (error.code === 'signal_lost') {
      this.signalLost = true;
      this.failures += 1;
      return;
    }
    const forgotten = error.code === 'resume_refused' || error.code === 'not_joined';
    if (forgotten && action !== 'rejoin') {
      this.rejoin = true;
      this.failures = 0;
      return;
    }
    this.failures += 1;
    if (!isTransient(error)) {
      this.fatal = error;
    }
  }

  next(now: number, mediaConnected: boolean): RecoveryStep {
    const action = this.action();
    if (action === undefined) {
      return { kind: 'none' };
    }
    if (this.fatal !== undefined) {
      return { kind: 'giveUp', error: this.fatal };
    }
    const delayMs = this.policy.nextRetryDelayInMs({
      retryCount: this.failures,
      elapsedMs: now - this.lostAt,
      mediaConnected: mediaConnected && this.stage === 'signal',
      ...(this.lastError === undefined ? {} : { retryReason: this.lastError }),
    });
    if (delayMs === null) {
      const message = 'The connection was lost and could not be restored.';
      return { kind: 'giveUp', error: new ConnectionError('timeout', message, { cause: this.lastError }) };
    }
    return { kind: action, delayMs };
  }

  private action(): RecoveryAction | undefined {
    if (this.rejoin) {
      return 'rejoin';
    }
    if (this.signalLost) {
      return 'resume';
    }
    return this.transportLost ? 'replaceTransport' : undefined;
  }

  private begin(now: number): void {
    if (this.stage === 'none') {
      this.lostAt = now;
      this.failures = 0;
      this.fatal = undefined;
      this.lastError = undefined;
    }
  }
}

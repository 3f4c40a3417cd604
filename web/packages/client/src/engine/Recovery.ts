import { ConnectionError } from '../errors.js';
import { log } from '../log.js';
import { RecoveryPlan, type RecoveryAction, type RecoveryStage } from '../recovery/RecoveryPlan.js';
import type { EngineEnvironment } from './EngineListener.js';
import type { PeerLink, PeerState } from './PeerLink.js';

/** A path that is quiet this long is lost; shorter silences mend by themselves. */
const disconnectedGraceMs = 5000;
const peerTimeoutMs = 10_000;

interface Actions {
  resume(): Promise<{ transportLost: boolean }>;
  rejoin(): Promise<void>;
  replaceTransport(): Promise<void>;
  readonly isMediaConnected: boolean;
}

interface RecoveryListener {
  onStage(stage: RecoveryStage): void;
  onGivenUp(error: ConnectionError): void;
}

/** Carries out what `RecoveryPlan` decides, one step at a time. Watches the peer connection's state. */
export class Recovery {
  private readonly plan: RecoveryPlan;
  private running = false;
  private started = false;
  private stopped = false;
  private stage: RecoveryStage = 'none';
  private skipDelay: (() => void) | undefined;
  private cancelGrace: (() => void) | undefined;
  private readyWaiters: (() => void)[] = [];
  private peerWaiters: { peer: PeerLink; check: (state: PeerState) => void }[] = [];

  constructor(
    private readonly env: EngineEnvironment,
    private readonly actions: Actions,
    private readonly listener: RecoveryListener,
  ) {
    this.plan = new RecoveryPlan(env.reconnectPolicy);
  }

  /** From now on losses are mended; before, they fail the connect. */
  start(): void {
    this.started = true;
    this.pump();
  }

  stop(): void {
    this.stopped = true;
    this.cancelGrace?.();
    this.skipDelay?.();
    this.settleReady();
  }

  /** Resolves when nothing is being mended (or the engine is closed). */
  ready(): Promise<void> {
    if (this.stage === 'none' || this.stopped) {
      return Promise.resolve();
    }
    return new Promise((resolve) => this.readyWaiters.push(resolve));
  }

  /** Resolves when the peer connection stands; rejects (`media_timeout`) when it fails, and after `timeoutMs`. */
  peerConnected(peer: PeerLink, timeoutMs = peerTimeoutMs): Promise<void> {
    if (peer.state === 'connected') {
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const fail = () => {
        done();
        reject(new ConnectionError('media_timeout', 'Audio and video could not reach the server (UDP blocked?).'));
      };
      const cancel = this.env.clock.after(timeoutMs, fail);
      const waiter = {
        peer,
        check: () => {
          if (peer.state === 'connected') {
            done();
            resolve();
          } else if (peer.state === 'failed' || peer.state === 'closed' || this.stopped) {
            fail();
          }
        },
      };
      const done = () => {
        cancel();
        this.peerWaiters = this.peerWaiters.filter((candidate) => candidate !== waiter);
      };
      this.peerWaiters.push(waiter);
    });
  }

  handlePeerState(state: PeerState): void {
    for (const waiter of [...this.peerWaiters]) {
      waiter.check(state);
    }
    if (state === 'connected') {
      this.cancelGrace?.();
      this.cancelGrace = undefined;
    } else if (state === 'failed' && !this.running) {
      this.noteTransportLost();
    } else if (state === 'failed') {
      this.plan.handleTransportLost(this.env.clock.now());
      this.tellStage();
    } else if (state === 'disconnected' && this.cancelGrace === undefined) {
      this.cancelGrace = this.env.clock.after(disconnectedGraceMs, () => {
        this.cancelGrace = undefined;
        this.noteTransportLost();
      });
    }
  }

  noteSignalLost(): void {
    this.plan.handleSignalLost(this.env.clock.now());
    this.pump();
  }

  noteTransportLost(): void {
    this.plan.handleTransportLost(this.env.clock.now());
    this.pump();
  }

  /** A negotiation failed outside of a recovery. */
  noteFailure(error: unknown): void {
    if (!(error instanceof ConnectionError) || this.stopped) {
      if (!this.stopped) {
        log.warn('a negotiation failed', error);
      }
      return;
    }
    const now = this.env.clock.now();
    if (error.code === 'signal_lost') {
      this.plan.handleSignalLost(now);
    } else if (error.code === 'not_joined') {
      this.plan.handleFailed('resume', error, now);
    } else if (error.code === 'media_node_lost' || error.code === 'no_media_node') {
      this.plan.handleTransportLost(now);
    } else if (error.code !== 'cancelled') {
      log.warn(`a request failed: ${error.code}: ${error.message}`);
    }
    this.pump();
  }

  /** The network came back. */
  handleOnline(): void {
    if (this.stage === 'none') {
      if (this.cancelGrace !== undefined) {
        this.cancelGrace();
        this.cancelGrace = undefined;
        this.noteTransportLost();
      }
      return;
    }
    this.plan.handleOnline();
    this.skipDelay?.();
  }

  private pump(): void {
    if (this.running || this.stopped || !this.started) {
      return;
    }
    this.tellStage();
    if (this.stage === 'none') {
      return;
    }
    this.running = true;
    this.mend()
      .catch((error: unknown) => log.error('recovery failed', error))
      .finally(() => {
        this.running = false;
        this.tellStage();
        if (!this.stopped && this.plan.stage !== 'none') {
          this.pump();
        }
      });
  }

  private async mend(): Promise<void> {
    while (!this.stopped) {
      const step = this.plan.next(this.env.clock.now(), this.actions.isMediaConnected);
      if (step.kind === 'none') {
        return;
      }
      if (step.kind === 'giveUp') {
        this.listener.onGivenUp(step.error);
        return;
      }
      await this.pause(step.delayMs);
      if (!this.stopped) {
        await this.attempt(step.kind);
        this.tellStage();
      }
    }
  }

  private async attempt(action: RecoveryAction): Promise<void> {
    const now = () => this.env.clock.now();
    try {
      if (action === 'resume') {
        const { transportLost } = await this.actions.resume();
        this.plan.handleDone('resume');
        if (transportLost) {
          this.plan.handleTransportLost(now());
        }
      } else {
        await (action === 'rejoin' ? this.actions.rejoin() : this.actions.replaceTransport());
        this.plan.handleDone(action);
      }
      log.info(`${action} succeeded`);
    } catch (error) {
      const failure =
        error instanceof ConnectionError ? error : new ConnectionError('internal', String(error), { cause: error });
      log.info(`${action} failed: ${failure.code}: ${failure.message}`);
      this.plan.handleFailed(action, failure, now());
    }
  }

  private pause(ms: number): Promise<void> {
    if (ms <= 0) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = this.env.clock.after(ms, () => this.skipDelay?.());
      this.skipDelay = () => {
        cancel();
        this.skipDelay = undefined;
        resolve();
      };
    });
  }

  private tellStage(): void {
    const stage = this.plan.stage;
    if (stage === this.stage || this.stopped) {
      return;
    }
    this.stage = stage;
    if (stage === 'none') {
      this.settleReady();
    }
    this.listener.onStage(stage);
  }

  private settleReady(): void {
    const waiters = this.readyWaiters;
    this.readyWaiters = [];
    waiters.forEach((resolve) => resolve());
  }
}

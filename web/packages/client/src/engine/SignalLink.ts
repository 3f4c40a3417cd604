import { ConnectionError } from '../errors.js';
import type { HubCalls, SignalChannel, SignalListener } from '../signal/SignalChannel.js';
import { within } from '../time/deadline.js';
import type { EngineEnvironment } from './EngineListener.js';

const leaveTimeoutMs = 1000;

/** @internal What mends a channel that is lost. */
interface Mending {
  /** Resolves when nothing is being mended. */
  ready(): Promise<void>;
  noteSignalLost(): void;
}

/**
 * The present signaling channel among all that there were. Only the present one is heard, and a request outlives the channel
 * on which it was made.
 *
 * Use: `open` for the first and for each further channel, `close` once; nothing is heard or asked after it.
 */
export class SignalLink {
  private current: SignalChannel | undefined;
  private closed = false;

  constructor(
    private readonly env: EngineEnvironment,
    private readonly mending: Mending,
    private readonly options: { readonly url: string; readonly timeoutMs: number },
    private readonly listener: SignalListener,
  ) {}

  /** Replaces the present channel. */
  async open(): Promise<SignalChannel> {
    await this.current?.close().catch(() => undefined);
    if (this.closed) {
      throw left();
    }
    const channel = this.env.createChannel(this.options.url, {
      onRoomChanged: (change) => this.hear(channel, () => this.listener.onRoomChanged(change)),
      onNegotiationNeeded: (need) => this.hear(channel, () => this.listener.onNegotiationNeeded(need)),
      onTransportLost: (loss) => this.hear(channel, () => this.listener.onTransportLost(loss)),
      onDisconnected: (end) => this.hear(channel, () => this.listener.onDisconnected(end)),
      onLost: () => this.hear(channel, () => this.listener.onLost()),
    });
    this.current = channel;
    const late = () => new ConnectionError('server_unreachable', 'The server could not be reached.');
    await within(this.env.clock, this.options.timeoutMs, channel.open(), late);
    return channel;
  }

  /** The channel there is now. Throws `ConnectionError` (`cancelled`) after `close`. */
  channel(): SignalChannel {
    if (this.current === undefined || this.closed) {
      throw left();
    }
    return this.current;
  }

  /** Waits while signaling is away, and asks again when it went away under the call. `build` sees the sids of then. */
  async request<M extends keyof HubCalls>(
    method: M,
    build: () => HubCalls[M]['request'],
  ): Promise<HubCalls[M]['response']> {
    for (;;) {
      await this.mending.ready();
      try {
        return await this.channel().call(method, build());
      } catch (error) {
        if (!(error instanceof ConnectionError && error.code === 'signal_lost') || this.closed) {
          throw error;
        }
        this.mending.noteSignalLost();
      }
    }
  }

  /** Resolves when the server knows that we leave, after a second at the latest. Nothing is heard any more. */
  async leave(): Promise<void> {
    this.closed = true;
    const channel = this.current;
    if (channel !== undefined) {
      const late = () => new Error('late');
      await within(this.env.clock, leaveTimeoutMs, channel.call('Leave', undefined), late).catch(() => undefined);
    }
  }

  close(sayGoodbye: boolean): void {
    this.closed = true;
    if (sayGoodbye) {
      this.current?.post('Leave');
    }
    this.current?.close().catch(() => undefined);
    this.current = undefined;
  }

  private hear(channel: SignalChannel, tell: () => void): void {
    if (channel === this.current && !this.closed) {
      tell();
    }
  }
}

function left(): ConnectionError {
  return new ConnectionError('cancelled', 'The room was left.');
}

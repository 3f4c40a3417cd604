import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import { ConnectionError } from '../errors.js';
import { log } from '../log.js';
import { toConnectionError } from './failures.js';
import { assertSendable } from './messageLimit.js';
import type { HubCalls, SignalChannel, SignalListener } from './SignalChannel.js';

/** The server closes a connection on which it heard nothing for 15 s, and itself says something every 5 s. */
const keepAliveMs = 5000;
const serverTimeoutMs = 15_000;

/** A signaling connection over SignalR's JSON protocol. WebSocket only: it spares the negotiate round trip. */
export class SignalRChannel implements SignalChannel {
  private readonly hub: HubConnection;
  private closed = false;
  private lastPost: Promise<void> = Promise.resolve();

  constructor(url: string, listener: SignalListener) {
    this.hub = new HubConnectionBuilder()
      .withUrl(url, { skipNegotiation: true, transport: HttpTransportType.WebSockets, withCredentials: false })
      .configureLogging(LogLevel.None)
      .withKeepAliveInterval(keepAliveMs)
      .withServerTimeout(serverTimeoutMs)
      .build();
    this.hub.on('RoomChanged', (message) => this.hear(() => listener.onRoomChanged(message)));
    this.hub.on('NegotiationNeeded', (message) => this.hear(() => listener.onNegotiationNeeded(message)));
    this.hub.on('TransportLost', (message) => this.hear(() => listener.onTransportLost(message)));
    this.hub.on('Disconnected', (message) => this.hear(() => listener.onDisconnected(message)));
    this.hub.onclose(() => this.hear(() => listener.onLost()));
  }

  async open(): Promise<void> {
    try {
      await this.hub.start();
    } catch (error) {
      throw new ConnectionError('server_unreachable', 'The server could not be reached.', { cause: error });
    }
  }

  async call<M extends keyof HubCalls>(method: M, request: HubCalls[M]['request']): Promise<HubCalls[M]['response']> {
    assertSendable(method, request);
    try {
      return request === undefined ? await this.hub.invoke(method) : await this.hub.invoke(method, request);
    } catch (error) {
      throw toConnectionError(method, error);
    }
  }

  post(method: 'Leave'): void {
    this.lastPost = this.hub.send(method).catch((error: unknown) => log.debug(`${method} was not sent`, error));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.lastPost;
    await this.hub.stop();
  }

  private hear(tell: () => void): void {
    if (!this.closed) {
      tell();
    }
  }
}

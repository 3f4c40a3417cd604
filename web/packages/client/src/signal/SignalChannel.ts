import type { Disconnection, NegotiationRequest, RoomChange, RoomHub, TransportLoss } from './contract.js';

/** The hub's calls, by their wire names. */
export type HubCalls = {
  [M in keyof RoomHub]: { request: Parameters<RoomHub[M]>[0]; response: Awaited<ReturnType<RoomHub[M]>> };
};

/** What the server says without being asked, in the order in which it happened. */
export interface SignalListener {
  onRoomChanged(change: RoomChange): void;
  onNegotiationNeeded(request: NegotiationRequest): void;
  onTransportLost(loss: TransportLoss): void;
  onDisconnected(disconnection: Disconnection): void;
  /** The connection is gone without a farewell; called at most once, never after `close`. */
  onLost(): void;
}

/** One signaling connection; a resume takes a new one. */
export interface SignalChannel {
  /** Rejects with `ConnectionError` (`server_unreachable`). */
  open(): Promise<void>;
  /** Rejects with `ConnectionError`. */
  call<M extends keyof HubCalls>(method: M, request: HubCalls[M]['request']): Promise<HubCalls[M]['response']>;
  /** Sends without waiting, for a page that is about to be gone. */
  post(method: 'Leave'): void;
  close(): Promise<void>;
}

export type SignalChannelFactory = (url: string, listener: SignalListener) => SignalChannel;

import type { ConnectionError } from '../errors.js';
import type { BindingChange } from '../negotiation/MidMap.js';
import type { ReconnectPolicy } from '../recovery/ReconnectPolicy.js';
import type { RecoveryStage } from '../recovery/RecoveryPlan.js';
import type { DisconnectReason, JoinResponse, RoomChange, RoomState } from '../signal/contract.js';
import type { SignalChannelFactory } from '../signal/SignalChannel.js';
import type { Clock } from '../time/Clock.js';

/** The outside world of an engine; a test brings its own. */
export interface EngineEnvironment {
  readonly clock: Clock;
  readonly userAgent: string | null;
  readonly reconnectPolicy: ReconnectPolicy;
  createChannel: SignalChannelFactory;
  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
}

/** What an engine tells its room and asks of it. */
export interface EngineListener {
  onJoined(response: JoinResponse, again: boolean): void;
  /** A resume begins: changes are kept until its snapshot. */
  onResuming(): void;
  onSnapshot(state: RoomState, rejoined: boolean): void;
  onChange(change: RoomChange): void;
  onBindings(change: BindingChange, receiverOf: (mid: string) => RTCRtpReceiver | undefined): void;
  onStage(stage: RecoveryStage): void;
  /** The connection ended otherwise than by `close`. */
  onClosed(reason: DisconnectReason, error?: ConnectionError): void;
  roomVersion(): number;
  /** Tracks received now, so that a new transport gets enough sections at once. */
  receivedCount(): { audio: number; video: number };
}

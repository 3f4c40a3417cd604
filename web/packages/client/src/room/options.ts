import type { ReconnectPolicy } from '../recovery/ReconnectPolicy.js';
import type { AudioCaptureOptions, TrackPublishOptions, VideoCaptureOptions } from '../track/options.js';

export interface RoomOptions {
  /** Receive what the others publish without being asked to. Default true. */
  autoSubscribe?: boolean;
  publishDefaults?: TrackPublishOptions;
  videoCaptureDefaults?: VideoCaptureOptions;
  audioCaptureDefaults?: AudioCaptureOptions;
  /** Default `DefaultReconnectPolicy`. */
  reconnectPolicy?: ReconnectPolicy;
  /** Let cameras and microphones go when the room is left. Default true. */
  stopLocalTrackOnUnpublish?: boolean;
  /** Leave the room when the page is closed or reloaded. Default true. */
  disconnectOnPageLeave?: boolean;
}

export interface RoomConnectOptions {
  /** When given it must be the room of the token. */
  room?: string;
  /** Overrides the room's option. */
  autoSubscribe?: boolean;
  /** Milliseconds until `connect` gives up. Default 15,000. */
  timeoutMs?: number;
}

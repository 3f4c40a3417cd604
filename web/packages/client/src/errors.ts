import type { SignalErrorCode } from './signal/contract.js';

/** What the server says (`SignalErrorCode`), and what the client itself finds. */
export type ConnectionErrorCode =
  | SignalErrorCode
  /** The URL is not one. */
  | 'invalid_url'
  /** Nobody answered at the URL. */
  | 'server_unreachable'
  /** The signaling connection was lost before the answer came. */
  | 'signal_lost'
  /** Signaling works, but audio and video found no way to the media server in time. */
  | 'media_timeout'
  /** The server did not answer in time. */
  | 'timeout'
  /** `disconnect()` was called meanwhile. */
  | 'cancelled'
  /** The browser has no WebRTC. */
  | 'unsupported_browser';

/** Why a connection or a request failed. `code` is for programs, `message` is one sentence for people. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(
    readonly code: ConnectionErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A track could not be published. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
}

/** Why a camera, a microphone or a screen could not be had. */
export const MediaDeviceFailure = {
  /** The person or the system said no. */
  PermissionDenied: 'PermissionDenied',
  /** There is no such device. */
  NotFound: 'NotFound',
  /** Another program holds the device. */
  DeviceInUse: 'DeviceInUse',
  Other: 'Other',
  /** The kind of failure behind an error of `getUserMedia` or `getDisplayMedia`; undefined when it is something else. */
  getFailure(error: unknown): MediaDeviceFailure | undefined {
    if (typeof error !== 'object' || error === null || !('name' in error)) {
      return undefined;
    }
    switch (error.name) {
      case 'NotFoundError':
      case 'DevicesNotFoundError':
      case 'OverconstrainedError':
        return 'NotFound';
      case 'NotAllowedError':
      case 'PermissionDeniedError':
      case 'SecurityError':
        return 'PermissionDenied';
      case 'NotReadableError':
      case 'TrackStartError':
      case 'AbortError':
        return 'DeviceInUse';
      case 'TypeError':
        return undefined;
      default:
        return 'Other';
    }
  },
} as const;
export type MediaDeviceFailure = 'PermissionDenied' | 'NotFound' | 'DeviceInUse' | 'Other';

import { ConnectionError } from '../errors.js';
import { SignalRChannel } from '../signal/SignalRChannel.js';
import { signalUrl } from '../signal/url.js';
import type { SignalChannelFactory } from '../signal/SignalChannel.js';
import { createTrackMeter, type TrackMeter } from '../speakers/TrackMeter.js';
import { systemClock, type Clock } from '../time/Clock.js';

/** The browser as a room sees it; a test brings its own. */
export interface RoomEnvironment {
  readonly clock: Clock;
  readonly userAgent: string | null;
  createChannel: SignalChannelFactory;
  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
  createTrackMeter(track: MediaStreamTrack): TrackMeter | undefined;
  /** Where `pagehide`, `online` and the like are heard; undefined outside of a page. */
  readonly page: Pick<Window, 'addEventListener' | 'removeEventListener'> | undefined;
}

export const browserEnvironment: RoomEnvironment = {
  clock: systemClock,
  userAgent: globalThis.navigator?.userAgent ?? null,
  createChannel: (url, listener) => new SignalRChannel(signalUrl(url), listener),
  createPeerConnection: (configuration) => {
    if (typeof RTCPeerConnection === 'undefined') {
      throw new ConnectionError('unsupported_browser', 'This browser cannot make calls (no WebRTC).');
    }
    return new RTCPeerConnection(configuration);
  },
  createTrackMeter,
  page: typeof window === 'undefined' ? undefined : window,
};

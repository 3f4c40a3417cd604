import type { PublishRequest, TrackInfo } from '../signal/contract.js';
import type { LocalTrack } from '../track/LocalTrack.js';

/** A published track as the engine keeps it: it outlives peer connections, and gets a new sid when the room is joined anew. */
export interface OutgoingTrack {
  readonly track: LocalTrack;
  readonly encoding: RTCRtpEncodingParameters;
  /** Such as `vp8`; undefined leaves the order to the browser. */
  readonly codec: string | undefined;
  sid: string;
  /** What is announced, as of now. */
  announcement(): PublishRequest;
  /** The room was joined anew and the track has another sid there. */
  onReannounced(info: TrackInfo): void;
}

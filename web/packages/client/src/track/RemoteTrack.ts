import { TrackEvent } from '../room/events.js';
import type { TrackInfo } from '../signal/contract.js';
import { Track } from './Track.js';

/** A track of another participant that we receive. */
export class RemoteTrack extends Track {
  /** @internal */
  constructor(
    info: TrackInfo,
    private rtpReceiver: RTCRtpReceiver,
  ) {
    super(info.kind, rtpReceiver.track);
    this.sid = info.sid;
    this.source = info.source;
    this.muted = info.muted;
  }

  get receiver(): RTCRtpReceiver {
    return this.rtpReceiver;
  }

  /** Sound of the attached elements, 0 to 1. */
  setVolume(volume: number): void {
    for (const element of this.attachedElements) {
      element.volume = volume;
    }
  }

  getRTCStatsReport(): Promise<RTCStatsReport> {
    return this.rtpReceiver.getStats();
  }

  /** @internal */
  setMuted(muted: boolean): void {
    if (this.muted !== muted) {
      this.muted = muted;
      this.emit(muted ? TrackEvent.Muted : TrackEvent.Unmuted, this);
    }
  }

  /** @internal The same track arrives over another section or peer connection from now on. */
  setReceiver(receiver: RTCRtpReceiver): void {
    this.rtpReceiver = receiver;
    this.exchange(receiver.track);
  }

  /**
   * @internal The track is received no more. Its section may carry another one next, with the same browser track, which
   * must not appear in an element that the app forgot to detach.
   */
  release(): void {
    this.silenceElements();
  }
}

export type RemoteAudioTrack = RemoteTrack & { readonly kind: 'audio' };
export type RemoteVideoTrack = RemoteTrack & { readonly kind: 'video' };

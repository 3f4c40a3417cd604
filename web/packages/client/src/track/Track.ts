import { TypedEmitter } from '../events/TypedEmitter.js';
import { TrackEvent } from '../room/events.js';
import type { TrackKind, TrackSource } from '../signal/contract.js';

export interface TrackEvents {
  muted: (track: Track) => void;
  unmuted: (track: Track) => void;
  ended: (track: Track) => void;
  restarted: (track: Track) => void;
  elementAttached: (element: HTMLMediaElement) => void;
  elementDetached: (element: HTMLMediaElement) => void;
  audioPlaybackFailed: (error: Error) => void;
}

const Kind = { Audio: 'audio', Video: 'video' } as const;

const Source = {
  Camera: 'camera',
  Microphone: 'microphone',
  ScreenShare: 'screen_share',
  ScreenShareAudio: 'screen_share_audio',
  Unknown: 'unknown',
} as const;

/** One stream of audio or video. The object lives as long as the track, though its `mediaStreamTrack` may be replaced. */
export abstract class Track extends TypedEmitter<TrackEvents> {
  static readonly Kind = Kind;
  static readonly Source = Source;

  /** The elements that play this track. */
  readonly attachedElements: HTMLMediaElement[] = [];
  source: TrackSource = 'unknown';
  sid: string | undefined;
  protected muted = false;

  protected constructor(
    readonly kind: TrackKind,
    private current: MediaStreamTrack,
  ) {
    super();
  }

  get mediaStreamTrack(): MediaStreamTrack {
    return this.current;
  }

  get isMuted(): boolean {
    return this.muted;
  }

  get mediaStream(): MediaStream {
    return new MediaStream([this.current]);
  }

  /** Plays the track in `element`, or in a new element. One element can hold one audio and one video track. */
  attach(element?: HTMLMediaElement): HTMLMediaElement {
    const target = element ?? document.createElement(this.kind);
    if (!this.attachedElements.includes(target)) {
      this.attachedElements.push(target);
    }
    this.playIn(target);
    this.emit(TrackEvent.ElementAttached, target);
    return target;
  }

  /** Stops playing in `element`, or in all; gives back the elements that the track was attached to. */
  detach(): HTMLMediaElement[];
  detach(element: HTMLMediaElement): HTMLMediaElement;
  detach(element?: HTMLMediaElement): HTMLMediaElement | HTMLMediaElement[] {
    const leaving = element === undefined ? [...this.attachedElements] : [element];
    for (const target of leaving) {
      setTrack(target, this.kind, undefined);
      const at = this.attachedElements.indexOf(target);
      if (at >= 0) {
        this.attachedElements.splice(at, 1);
        this.emit(TrackEvent.ElementDetached, target);
      }
    }
    return element ?? leaving;
  }

  /** @internal Goes on with another browser track; what is attached plays it at once. */
  protected exchange(next: MediaStreamTrack): void {
    if (next === this.current) {
      return;
    }
    this.current = next;
    for (const element of this.attachedElements) {
      this.playIn(element);
    }
    this.emit(TrackEvent.Restarted, this);
  }

  /** @internal */
  protected silenceElements(): void {
    for (const element of this.attachedElements) {
      setTrack(element, this.kind, undefined);
    }
  }

  private playIn(element: HTMLMediaElement): void {
    element.autoplay = true;
    element.setAttribute('playsinline', '');
    if (element instanceof HTMLVideoElement) {
      element.playsInline = true;
    }
    setTrack(element, this.kind, this.current);
    element.play().catch((error: unknown) => {
      // AbortError: a later attach or detach came between; not the browser's refusal to play.
      if (error instanceof Error && error.name === 'NotAllowedError') {
        this.emit(TrackEvent.AudioPlaybackFailed, error);
      }
    });
  }
}

/** A new MediaStream each time: Safari and Firefox do not notice when a track of the present one is exchanged. */
function setTrack(element: HTMLMediaElement, kind: TrackKind, track: MediaStreamTrack | undefined): void {
  const present = element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : [];
  const others = present.filter((candidate) => candidate.kind !== kind);
  if (track !== undefined && present.includes(track) && present.length === others.length + 1) {
    return;
  }
  const next = track === undefined ? others : [...others, track];
  element.srcObject = next.length === 0 ? null : new MediaStream(next);
  if (element instanceof HTMLVideoElement) {
    // Browsers start video without sound by themselves, and nobody hears a video element that has no audio.
    element.muted = next.every((candidate) => candidate.kind === 'video');
  }
}

// eslint-disable-next-line @typescript-eslint/no-namespace -- `Track.Kind` and `Track.Source` are types as well as values
export declare namespace Track {
  export type Kind = TrackKind;
  export type Source = TrackSource;
}

import { TrackEvent } from '../room/events.js';
import type { RemoteTrack } from '../track/RemoteTrack.js';

/** Whether the browser lets the room's sound be heard, and on which speaker. */
export class AudioPlayback {
  canPlay = true;
  private readonly tracks = new Set<RemoteTrack>();
  private sinkId: string | undefined;

  constructor(private readonly onChanged: (canPlay: boolean) => void) {}

  add(track: RemoteTrack): void {
    if (track.kind !== 'audio') {
      return;
    }
    this.tracks.add(track);
    track.on(TrackEvent.AudioPlaybackFailed, this.onFailed).on(TrackEvent.ElementAttached, this.onAttached);
  }

  remove(track: RemoteTrack): void {
    this.tracks.delete(track);
    track.off(TrackEvent.AudioPlaybackFailed, this.onFailed).off(TrackEvent.ElementAttached, this.onAttached);
  }

  /** Rejects with `NotAllowedError` when it is not called from a click. */
  async start(): Promise<void> {
    const elements = [...this.tracks].flatMap((track) => track.attachedElements);
    await Promise.all(elements.map((element) => element.play()));
    this.set(true);
  }

  async setSink(deviceId: string): Promise<void> {
    this.sinkId = deviceId;
    const elements = [...this.tracks].flatMap((track) => track.attachedElements);
    await Promise.all(elements.map((element) => setSinkId(element, deviceId)));
  }

  private readonly onFailed = (): void => this.set(false);

  private readonly onAttached = (element: HTMLMediaElement): void => {
    if (this.sinkId !== undefined) {
      setSinkId(element, this.sinkId).catch(this.onFailed);
    }
  };

  private set(canPlay: boolean): void {
    if (this.canPlay !== canPlay) {
      this.canPlay = canPlay;
      this.onChanged(canPlay);
    }
  }
}

/** Safari has no choice of speakers; the sound goes to the system's then. */
async function setSinkId(element: HTMLMediaElement, deviceId: string): Promise<void> {
  if ('setSinkId' in element) {
    await element.setSinkId(deviceId);
  }
}

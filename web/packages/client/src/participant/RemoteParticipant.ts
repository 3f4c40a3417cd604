import type { RemoteTrackPublication } from '../publication/TrackPublication.js';
import { Participant } from './Participant.js';

export class RemoteParticipant extends Participant<RemoteTrackPublication> {
  readonly isLocal = false;

  /** Sound of this participant's microphone, 0 to 1. */
  setVolume(volume: number): void {
    this.getTrackPublication('microphone')?.track?.setVolume(volume);
  }
}

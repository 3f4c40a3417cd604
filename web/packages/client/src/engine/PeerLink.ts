import type { TrackKind } from '../signal/contract.js';
import { preferCodec } from './codecOrder.js';
import type { OutgoingTrack } from './OutgoingTrack.js';

export type PeerState = RTCPeerConnectionState;

/** One RTCPeerConnection: sections are added, an offer is taken, its answer is put in. It decides nothing. */
export class PeerLink {
  private readonly sections = new Map<OutgoingTrack, RTCRtpTransceiver>();
  private readonly retired: RTCRtpTransceiver[] = [];

  constructor(
    private readonly connection: RTCPeerConnection,
    onState: (peer: PeerLink, state: PeerState) => void,
  ) {
    connection.addEventListener('connectionstatechange', () => onState(this, connection.connectionState));
  }

  get state(): PeerState {
    return this.connection.connectionState;
  }

  /** True between an offer and its answer. */
  get isOffering(): boolean {
    return this.connection.signalingState === 'have-local-offer';
  }

  addReceiveSections(audio: number, video: number): void {
    this.addReceiving('audio', audio);
    this.addReceiving('video', video);
  }

  has(track: OutgoingTrack): boolean {
    return this.sections.has(track);
  }

  /** Gives the track a section of its own, a retired one when there is one of its kind. */
  async send(track: OutgoingTrack): Promise<void> {
    const media = track.track.sendingTrack;
    const at = this.retired.findIndex((section) => kindOf(section) === track.track.kind && !isStopped(section));
    let section: RTCRtpTransceiver;
    if (at >= 0) {
      section = this.retired.splice(at, 1)[0] as RTCRtpTransceiver;
      section.direction = 'sendonly';
      await section.sender.replaceTrack(media);
      await setEncoding(section.sender, track.encoding);
    } else {
      section = this.connection.addTransceiver(media ?? track.track.kind, {
        direction: 'sendonly',
        sendEncodings: [track.encoding],
      });
    }
    preferCodec(section, track.codec);
    this.sections.set(track, section);
    track.track.setSender(section.sender);
  }

  async stopSending(track: OutgoingTrack): Promise<void> {
    const section = this.sections.get(track);
    if (section === undefined) {
      return;
    }
    this.sections.delete(track);
    track.track.setSender(undefined);
    if (this.connection.signalingState !== 'closed' && !isStopped(section)) {
      section.direction = 'inactive';
      this.retired.push(section);
      await section.sender.replaceTrack(null);
    }
  }

  /** A new offer; one that was never answered is replaced by it. */
  async offer(): Promise<string> {
    await this.connection.setLocalDescription(await this.connection.createOffer());
    return this.connection.localDescription?.sdp ?? '';
  }

  /** mid → track sid of everything sent; complete once `offer` gave the sections their mids. */
  publishMap(): Record<string, string> {
    const map: Record<string, string> = {};
    for (const [track, section] of this.sections) {
      if (section.mid !== null) {
        map[section.mid] = track.sid;
      }
    }
    return map;
  }

  async accept(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Takes a refused offer back. */
  async rollback(): Promise<void> {
    if (this.isOffering) {
      await this.connection.setLocalDescription({ type: 'rollback' });
    }
  }

  receiver(mid: string): RTCRtpReceiver | undefined {
    return this.connection.getTransceivers().find((section) => section.mid === mid)?.receiver;
  }

  getStats(): Promise<RTCStatsReport> {
    return this.connection.getStats();
  }

  close(): void {
    for (const track of this.sections.keys()) {
      track.track.setSender(undefined);
    }
    this.sections.clear();
    this.connection.close();
  }

  private addReceiving(kind: TrackKind, count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.connection.addTransceiver(kind, { direction: 'recvonly' });
    }
  }
}

function kindOf(section: RTCRtpTransceiver): string {
  return section.receiver.track.kind;
}

function isStopped(section: RTCRtpTransceiver): boolean {
  return section.currentDirection === 'stopped' || section.direction === 'stopped';
}

async function setEncoding(sender: RTCRtpSender, encoding: RTCRtpEncodingParameters): Promise<void> {
  const parameters = sender.getParameters();
  const first = parameters.encodings[0];
  if (first !== undefined) {
    Object.assign(first, encoding);
    await sender.setParameters(parameters);
  }
}

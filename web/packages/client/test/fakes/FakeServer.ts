import { ConnectionError, type ConnectionErrorCode } from '../../src/errors.js';
import type { RoomEnvironment } from '../../src/room/environment.js';
import { Room } from '../../src/room/Room.js';
import type { RoomOptions } from '../../src/room/options.js';
import type {
  Answer,
  JoinRequest,
  OfferRequest,
  ParticipantInfo,
  PublishRequest,
  RoomState,
  SessionOffer,
  TrackInfo,
} from '../../src/signal/contract.js';
import type { SignalChannel, SignalListener } from '../../src/signal/SignalChannel.js';
import type { TrackMeter } from '../../src/speakers/TrackMeter.js';
import { FakeClock, settle } from './FakeClock.js';
import { FakePeerConnection } from './FakePeerConnection.js';
import { participant } from './messages.js';

/** A server of one room and one client: answers as the contract says, refuses what the test tells it to refuse. */
export class FakeServer {
  readonly clock = new FakeClock();
  readonly calls: string[] = [];
  readonly peers: FakePeerConnection[] = [];
  readonly offers: { id: number; publish: Record<string, string>; newTransport: boolean; sdp: string }[] = [];
  readonly page = new EventTarget();
  listener: SignalListener | undefined;
  others: ParticipantInfo[] = [];
  own: TrackInfo[] = [];
  version = 1;
  reachable = true;
  incarnation = 1;
  resumeAnswer = { transportLost: false, negotiationNeeded: false };
  unsubscribed = new Set<string>();
  private refusals: { method: string; code: ConnectionErrorCode }[] = [];
  private sids = 0;
  permissions = participant('me').permissions;
  /** What Web Audio hears of our own microphone; meters that were opened and not closed. */
  ownLevel = 0;
  openMeters = 0;
  /** Calls of these methods wait until the test lets them go. */
  readonly stuck = new Map<string, (() => void)[]>();

  room(options: RoomOptions = {}): Room {
    const environment: RoomEnvironment = {
      clock: this.clock,
      userAgent: 'test',
      createChannel: (_url, listener) => this.channel(listener),
      createPeerConnection: () => {
        const peer = new FakePeerConnection();
        this.peers.push(peer);
        return peer as unknown as RTCPeerConnection;
      },
      createTrackMeter: (track) => this.meter(track),
      page: this.page as unknown as Window,
    };
    return new Room(options, environment);
  }

  private meter(track: MediaStreamTrack): TrackMeter {
    this.openMeters += 1;
    return { track, read: () => this.ownLevel, close: () => void (this.openMeters -= 1) };
  }

  get peer(): FakePeerConnection {
    return this.peers[this.peers.length - 1]!;
  }

  refuse(method: string, ...codes: ConnectionErrorCode[]): void {
    this.refusals.push(...codes.map((code) => ({ method, code })));
  }

  /** The WebSocket breaks. */
  async loseSignal(): Promise<void> {
    const listener = this.listener;
    this.listener = undefined;
    listener?.onLost();
    await settle();
  }

  async tell(change: { joined?: ParticipantInfo[]; updated?: ParticipantInfo[]; left?: ParticipantInfo[] }): Promise<void> {
    this.version += 1;
    this.listener?.onRoomChanged({
      version: this.version,
      joined: change.joined ?? [],
      updated: change.updated ?? [],
      left: (change.left ?? []).map(({ sid, identity }) => ({ sid, identity, reason: 'client_left' })),
    });
    await settle();
  }

  get self(): ParticipantInfo {
    return { ...participant('me', this.own, `PA_me${this.incarnation}`), permissions: this.permissions };
  }

  get state(): RoomState {
    return {
      sid: 'RM_1',
      name: 'daily',
      version: this.version,
      createdAt: '2026-01-01T00:00:00Z',
      participants: [...this.others, this.self],
    };
  }

  private channel(listener: SignalListener): SignalChannel {
    return {
      open: async () => {
        if (!this.reachable) {
          throw new ConnectionError('server_unreachable', 'The server could not be reached.');
        }
        this.listener = listener;
      },
      call: (async (method: string, request: unknown) => {
        this.calls.push(method);
        await this.hold(method);
        const at = this.refusals.findIndex((refusal) => refusal.method === method);
        if (at >= 0) {
          throw new ConnectionError(this.refusals.splice(at, 1)[0]!.code, 'refused by the test');
        }
        if (this.listener !== listener) {
          throw new ConnectionError('signal_lost', 'The connection to the server was lost.');
        }
        return structuredClone(this.handle(method, request));
      }) as SignalChannel['call'],
      post: (method) => void this.calls.push(`post ${method}`),
      close: async () => {
        if (this.listener === listener) {
          this.listener = undefined;
        }
      },
    };
  }

  private async hold(method: string): Promise<void> {
    const waiting = this.stuck.get(method);
    if (waiting !== undefined) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  private handle(method: string, request: unknown): unknown {
    switch (method) {
      case 'Join': {
        const { offer } = request as JoinRequest;
        return {
          room: this.state,
          participant: this.self,
          resumeToken: 'resume',
          answer: offer == null ? null : this.answer(offer, false),
          iceServers: [],
          server: { version: '1', nodeId: 'node' },
        };
      }
      case 'Resume':
        return { room: this.state, participant: this.self, ...this.resumeAnswer };
      case 'Offer':
        return this.answer((request as OfferRequest).offer, (request as OfferRequest).newTransport);
      case 'Publish': {
        const announced = request as PublishRequest;
        this.sids += 1;
        const info: TrackInfo = { sid: `TR_own${this.sids}`, mimeType: '', ...announced };
        this.own.push(info);
        return info;
      }
      case 'Unpublish': {
        const { trackSid } = request as { trackSid: string };
        this.own = this.own.filter((info) => info.sid !== trackSid);
        return undefined;
      }
      case 'SetMuted': {
        const { trackSid, muted } = request as { trackSid: string; muted: boolean };
        this.own = this.own.map((info) => (info.sid === trackSid ? { ...info, muted } : info));
        return undefined;
      }
      case 'GetSnapshot':
        return this.state;
      default:
        return undefined;
    }
  }

  /** Puts what the others publish on the offer's receiving sections, in order, as a server would. */
  private answer(offer: SessionOffer, newTransport: boolean): Answer {
    this.offers.push({ ...offer, publish: { ...offer.publish }, newTransport });
    const free = this.peer.sections.filter((section) => section.direction === 'recvonly');
    const midToTrack: Record<string, string> = {};
    const missing = { audio: 0, video: 0 };
    for (const info of this.others.flatMap((other) => other.tracks).filter(({ sid }) => !this.unsubscribed.has(sid))) {
      const at = free.findIndex((section) => section.receiver.track.kind === info.kind);
      if (at < 0) {
        missing[info.kind] += 1;
      } else {
        midToTrack[free.splice(at, 1)[0]!.mid!] = info.sid;
      }
    }
    return { id: offer.id, sdp: 'answer', midToTrack, missingAudioSections: missing.audio, missingVideoSections: missing.video };
  }
}

import { ConnectionError } from '../errors.js';
import { MidMap } from '../negotiation/MidMap.js';
import { NegotiationQueue, type SectionDemand } from '../negotiation/NegotiationQueue.js';
import type { Answer, OfferRequest, SessionOffer } from '../signal/contract.js';
import { isTransient } from '../signal/failures.js';
import { within } from '../time/deadline.js';
import type { EngineEnvironment, EngineListener } from './EngineListener.js';
import type { OutgoingTrack } from './OutgoingTrack.js';
import { PeerLink, type PeerState } from './PeerLink.js';

/** Sections made before anything is known, so that a small room needs no second offer. */
const firstSections = 3;
const answerTimeoutMs = 10_000;
const maxAttempts = 5;

/** @internal What negotiation needs of the engine around it. */
export interface NegotiationHost {
  sendOffer(request: OfferRequest): Promise<Answer>;
  onPeerState(state: PeerState): void;
  /** Something failed that nobody waits for, or that is about to be tried again. */
  noteFailure(error: unknown): void;
  /** Resolves when nothing is being mended. */
  ready(): Promise<void>;
}

/**
 * The peer connection and what goes through it. The client always offers; offers are numbered from 1 within one participant,
 * and only the answer to the latest offer of the present peer connection counts.
 */
export class Negotiation {
  readonly outgoing = new Set<OutgoingTrack>();
  peer: PeerLink | undefined;
  iceServers: RTCIceServer[] = [];
  private readonly mids = new MidMap();
  private readonly queue: NegotiationQueue;
  private offerId = 0;
  private closed = false;

  constructor(
    private readonly env: EngineEnvironment,
    private readonly listener: EngineListener,
    private readonly host: NegotiationHost,
  ) {
    this.queue = new NegotiationQueue((demand) => this.once(demand));
  }

  /** While a connection is being mended, what is asked for waits. */
  hold(held: boolean): void {
    if (held) {
      this.queue.hold();
    } else {
      this.queue.release();
    }
  }

  /** A new peer connection with enough sections for what is received now. */
  renewPeer(): PeerLink {
    this.peer?.close();
    const connection = this.env.createPeerConnection({ iceServers: this.iceServers, bundlePolicy: 'max-bundle' });
    const peer = new PeerLink(connection, (from, state) => {
      if (from === this.peer && !this.closed) {
        this.host.onPeerState(state);
      }
    });
    const received = this.listener.receivedCount();
    peer.addReceiveSections(Math.max(firstSections, received.audio), Math.max(firstSections, received.video));
    this.peer = peer;
    this.mids.handleNewTransport();
    return peer;
  }

  /** The offer that travels inside a join: numbers begin anew, and nothing is published yet. */
  async firstOffer(peer: PeerLink): Promise<SessionOffer> {
    this.offerId = 1;
    return { id: 1, sdp: await peer.offer(), publish: {} };
  }

  /** Resolves when both sides agree again. Waits for a connection that is being mended; other refusals are the caller's. */
  async request(demand: SectionDemand = { audio: 0, video: 0 }): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.queue.request(demand);
      } catch (error) {
        if (this.closed || attempt >= maxAttempts || !isTransient(error)) {
          throw error;
        }
        this.host.noteFailure(error);
        await this.host.ready();
      }
    }
  }

  /** `request` for which nobody waits. */
  requestQuietly(demand?: SectionDemand): void {
    this.request(demand).catch((error: unknown) => this.host.noteFailure(error));
  }

  /** One negotiation, outside of the queue: for those who mend the connection while the queue is held. */
  async once(demand: SectionDemand = { audio: 0, video: 0 }): Promise<void> {
    const peer = this.requirePeer();
    peer.addReceiveSections(demand.audio, demand.video);
    await this.exchange(peer, false);
  }

  /** Offers and takes the answer in. */
  async exchange(peer: PeerLink, newTransport: boolean): Promise<void> {
    for (const track of this.outgoing) {
      if (!peer.has(track)) {
        await peer.send(track);
      }
    }
    const sdp = await peer.offer();
    this.offerId += 1;
    const offer = { id: this.offerId, sdp, publish: peer.publishMap() };
    const late = () => new ConnectionError('timeout', 'The server did not answer an offer in time.');
    let answer: Answer;
    try {
      answer = await within(this.env.clock, answerTimeoutMs, this.host.sendOffer({ offer, newTransport }), late);
    } catch (error) {
      // An offer that was refused is taken back; one whose fate is unknown is replaced by the next.
      if (error instanceof ConnectionError && !['signal_lost', 'timeout'].includes(error.code) && peer === this.peer) {
        await peer.rollback();
      }
      throw error;
    }
    await this.apply(peer, answer);
  }

  async apply(peer: PeerLink, answer: Answer): Promise<void> {
    if (peer !== this.peer || answer.id !== this.offerId || this.closed) {
      return;
    }
    await peer.accept(answer.sdp);
    const change = this.mids.handleAnswer(answer.midToTrack);
    this.listener.onBindings(change, (mid) => peer.receiver(mid));
    if (answer.missingAudioSections > 0 || answer.missingVideoSections > 0) {
      this.requestQuietly({ audio: answer.missingAudioSections, video: answer.missingVideoSections });
    }
  }

  close(): void {
    this.closed = true;
    this.queue.abandon(new ConnectionError('cancelled', 'The room was left.'));
    this.peer?.close();
  }

  requirePeer(): PeerLink {
    if (this.peer === undefined || this.closed) {
      throw new ConnectionError('cancelled', 'The room was left.');
    }
    return this.peer;
  }
}

import { ConnectionError } from '../errors.js';
import { MidMap } from '../negotiation/MidMap.js';
import { NegotiationQueue, type SectionDemand } from '../negotiation/NegotiationQueue.js';
import type { Answer, JoinResponse, ParticipantInfo, TrackInfo } from '../signal/contract.js';
import type { HubCalls, SignalChannel, SignalListener } from '../signal/SignalChannel.js';
import { isTransient } from '../signal/failures.js';
import { within } from '../time/deadline.js';
import { version } from '../version.js';
import type { EngineEnvironment, EngineListener } from './EngineListener.js';
import type { OutgoingTrack } from './OutgoingTrack.js';
import { PeerLink, type PeerState } from './PeerLink.js';
import { Recovery } from './Recovery.js';

export interface EngineOptions {
  url: string;
  token: string;
  room: string | undefined;
  autoSubscribe: boolean;
  /** Milliseconds for the join and the first connection of media. */
  timeoutMs: number;
}

/** Sections made before anything is known, so that a small room needs no second offer. */
const firstSections = 3;

/**
 * The connection of one participant: a signaling channel, a peer connection, and what is sent over it. The client always
 * offers; offers are numbered and only the answer to the latest one counts.
 *
 * Use: `connect` once, then anything, then `close` once. Losses are mended by `Recovery`, which calls the three actions
 * `resume`, `rejoin` and `replaceTransport`.
 */
export class Engine {
  private readonly outgoing = new Set<OutgoingTrack>();
  private readonly mids = new MidMap();
  private readonly queue: NegotiationQueue;
  private readonly recovery: Recovery;
  private channel: SignalChannel | undefined;
  private peer: PeerLink | undefined;
  private offerId = 0;
  private resumeToken = '';
  private participantSid = '';
  private iceServers: RTCIceServer[] = [];
  private closed = false;
  private rejectConnect: ((error: Error) => void) | undefined;

  constructor(
    private readonly env: EngineEnvironment,
    private readonly listener: EngineListener,
    private readonly options: EngineOptions,
  ) {
    this.queue = new NegotiationQueue((demand) => this.negotiateOnce(demand));
    this.recovery = new Recovery(env, this, {
      onStage: (stage) => {
        if (stage === 'none') {
          this.queue.release();
        } else {
          this.queue.hold();
        }
        listener.onStage(stage);
      },
      onGivenUp: (error) => this.end(error.code === 'timeout' ? 'connection_timeout' : 'unknown', error),
    });
  }

  /** Resolves when audio and video can flow. Rejects with `ConnectionError`; everything is let go then. */
  async connect(): Promise<void> {
    let joined = false;
    const late = () =>
      joined
        ? new ConnectionError('media_timeout', 'The server answered, but audio and video could not reach it (UDP blocked?).')
        : new ConnectionError('timeout', 'The server did not answer in time.');
    const cancelled = new Promise<never>((_, reject) => (this.rejectConnect = reject));
    const work = async () => {
      await this.join(false);
      joined = true;
      await this.recovery.peerConnected(this.requirePeer(), this.options.timeoutMs);
    };
    try {
      await within(this.env.clock, this.options.timeoutMs, Promise.race([work(), cancelled]), late);
    } catch (error) {
      this.letGo(joined);
      throw error;
    } finally {
      this.rejectConnect = undefined;
    }
    this.recovery.start();
  }

  get isMediaConnected(): boolean {
    return this.peer?.state === 'connected';
  }

  async close(): Promise<void> {
    this.rejectConnect?.(new ConnectionError('cancelled', 'The connection was given up before it stood.'));
    const channel = this.channel;
    const wasClosed = this.closed;
    this.closed = true;
    if (!wasClosed && channel !== undefined) {
      await within(this.env.clock, 1000, channel.call('Leave', undefined), () => new Error('late')).catch(() => undefined);
    }
    this.letGo(false);
  }

  /** For a page that is about to be gone: nothing can be awaited any more. */
  closeNow(): void {
    this.letGo(true);
  }

  /** The browser says that the network is back: no reason to wait for the next attempt. */
  handleOnline(): void {
    this.recovery.handleOnline();
  }

  async publish(track: OutgoingTrack): Promise<TrackInfo> {
    const info = await this.request('Publish', () => track.announcement());
    track.sid = info.sid;
    this.outgoing.add(track);
    try {
      await this.negotiate();
    } catch (error) {
      this.outgoing.delete(track);
      await this.peer?.stopSending(track);
      this.request('Unpublish', () => ({ trackSid: track.sid })).catch(() => undefined);
      throw error;
    }
    return { ...info, sid: track.sid };
  }

  async unpublish(track: OutgoingTrack): Promise<void> {
    this.outgoing.delete(track);
    await this.peer?.stopSending(track);
    await this.request('Unpublish', () => ({ trackSid: track.sid })).catch((error: unknown) => {
      if (!(error instanceof ConnectionError && error.code === 'track_not_found')) {
        throw error;
      }
    });
    await this.negotiate();
  }

  setMuted(track: OutgoingTrack): Promise<void> {
    return this.request('SetMuted', () => ({ trackSid: track.sid, muted: track.track.isMuted }));
  }

  updateSubscriptions(trackSids: string[], subscribe: boolean): Promise<void> {
    return this.request('UpdateSubscriptions', () => ({ trackSids, subscribe }));
  }

  async refreshSnapshot(): Promise<void> {
    this.listener.onSnapshot(await this.request('GetSnapshot', () => undefined), false);
  }

  getStats(): Promise<RTCStatsReport | undefined> {
    return this.peer?.getStats() ?? Promise.resolve(undefined);
  }

  /** @internal Recovery's action: the same participant over a new channel; true when the transport has to be replaced too. */
  async resume(): Promise<{ transportLost: boolean }> {
    const channel = await this.openChannel();
    this.listener.onResuming();
    const response = await channel.call('Resume', {
      token: this.options.token,
      participantSid: this.participantSid,
      resumeToken: this.resumeToken,
      version: this.listener.roomVersion(),
    });
    this.listener.onSnapshot(response.room, false);
    this.reconcileOwnTracks(response.participant);
    if (response.negotiationNeeded || this.peer?.isOffering === true) {
      this.negotiate().catch((error: unknown) => this.recovery.noteFailure(error));
    }
    return { transportLost: response.transportLost };
  }

  /** @internal Recovery's action: another participant with the same token, and the same tracks under new sids. */
  async rejoin(): Promise<void> {
    await this.join(true);
    const channel = this.requireChannel();
    for (const track of this.outgoing) {
      const info = await channel.call('Publish', track.announcement());
      track.sid = info.sid;
      track.onReannounced(info);
    }
    if (this.outgoing.size > 0) {
      await this.negotiateOnce({ audio: 0, video: 0 });
    }
    await this.recovery.peerConnected(this.requirePeer());
  }

  /** @internal Recovery's action: another peer connection for the same participant. */
  async replaceTransport(): Promise<void> {
    const received = this.listener.receivedCount();
    const peer = this.newPeer();
    peer.addReceiveSections(Math.max(firstSections, received.audio), Math.max(firstSections, received.video));
    const answer = await this.offer(peer, true);
    await this.applyAnswer(peer, answer);
    await this.recovery.peerConnected(peer);
  }

  private async join(again: boolean): Promise<void> {
    const { token, room, autoSubscribe } = this.options;
    const opening = this.openChannel();
    opening.catch(() => undefined);
    this.offerId = 1;
    const peer = this.newPeer();
    const received = this.listener.receivedCount();
    peer.addReceiveSections(Math.max(firstSections, received.audio), Math.max(firstSections, received.video));
    const sdp = await peer.offer();
    const channel = await opening;
    const response: JoinResponse = await channel.call('Join', {
      token,
      room: room ?? null,
      autoSubscribe,
      offer: { id: 1, sdp, publish: {} },
      client: { sdk: 'js', version, userAgent: this.env.userAgent },
    });
    if (this.closed) {
      throw new ConnectionError('cancelled', 'The connection was given up before it stood.');
    }
    this.resumeToken = response.resumeToken;
    this.participantSid = response.participant.sid;
    this.iceServers = response.iceServers.map(toIceServer);
    this.listener.onJoined(response, again);
    this.listener.onSnapshot(response.room, again);
    await this.applyAnswer(peer, response.answer ?? (await this.offer(peer, false)));
  }

  private async openChannel(): Promise<SignalChannel> {
    await this.channel?.close().catch(() => undefined);
    const listener: SignalListener = {
      onRoomChanged: (change) => this.ifCurrent(channel, () => this.listener.onChange(change)),
      onNegotiationNeeded: (need) =>
        this.ifCurrent(channel, () => {
          this.negotiate({ audio: need.addAudioSections, video: need.addVideoSections }).catch((error: unknown) =>
            this.recovery.noteFailure(error),
          );
        }),
      onTransportLost: () => this.ifCurrent(channel, () => this.recovery.noteTransportLost()),
      onDisconnected: ({ reason }) => this.ifCurrent(channel, () => this.end(reason)),
      onLost: () => this.ifCurrent(channel, () => this.handleChannelLost()),
    };
    const channel = this.env.createChannel(this.options.url, listener);
    this.channel = channel;
    const late = () => new ConnectionError('server_unreachable', 'The server could not be reached.');
    await within(this.env.clock, this.options.timeoutMs, channel.open(), late);
    return channel;
  }

  private handleChannelLost(): void {
    const error = new ConnectionError('signal_lost', 'The connection to the server was lost.');
    this.rejectConnect?.(error);
    this.recovery.noteSignalLost();
  }

  private ifCurrent(channel: SignalChannel, tell: () => void): void {
    if (channel === this.channel && !this.closed) {
      tell();
    }
  }

  private newPeer(): PeerLink {
    this.peer?.close();
    const connection = this.env.createPeerConnection({ iceServers: this.iceServers, bundlePolicy: 'max-bundle' });
    const peer = new PeerLink(connection, (from, state) => this.handlePeerState(from, state));
    this.peer = peer;
    this.mids.handleNewTransport();
    return peer;
  }

  private handlePeerState(peer: PeerLink, state: PeerState): void {
    if (peer === this.peer && !this.closed) {
      this.recovery.handlePeerState(state);
    }
  }

  /** Retries while a mending connection makes an offer fail; other refusals are the caller's. */
  private async negotiate(demand: SectionDemand = { audio: 0, video: 0 }): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.queue.request(demand);
      } catch (error) {
        if (this.closed || attempt >= 5 || !isTransient(error)) {
          throw error;
        }
        this.recovery.noteFailure(error);
        await this.recovery.ready();
      }
    }
  }

  private async negotiateOnce(demand: SectionDemand): Promise<void> {
    const peer = this.requirePeer();
    peer.addReceiveSections(demand.audio, demand.video);
    await this.applyAnswer(peer, await this.offer(peer, false));
  }

  private async offer(peer: PeerLink, newTransport: boolean): Promise<Answer> {
    for (const track of this.outgoing) {
      if (!peer.has(track)) {
        await peer.send(track);
      }
    }
    const sdp = await peer.offer();
    this.offerId += 1;
    const offer = { id: this.offerId, sdp, publish: peer.publishMap() };
    try {
      return await within(this.env.clock, 10_000, this.requireChannel().call('Offer', { offer, newTransport }), () => {
        return new ConnectionError('timeout', 'The server did not answer an offer in time.');
      });
    } catch (error) {
      // An offer that was refused is taken back; one whose fate is unknown is replaced by the next.
      if (error instanceof ConnectionError && !['signal_lost', 'timeout'].includes(error.code) && peer === this.peer) {
        await peer.rollback();
      }
      throw error;
    }
  }

  private async applyAnswer(peer: PeerLink, answer: Answer): Promise<void> {
    if (peer !== this.peer || answer.id !== this.offerId || this.closed) {
      return;
    }
    await peer.accept(answer.sdp);
    const change = this.mids.handleAnswer(answer.midToTrack);
    this.listener.onBindings(change, (mid) => peer.receiver(mid));
    if (answer.missingAudioSections > 0 || answer.missingVideoSections > 0) {
      this.negotiate({ audio: answer.missingAudioSections, video: answer.missingVideoSections }).catch((error: unknown) =>
        this.recovery.noteFailure(error),
      );
    }
  }

  /** Waits while signaling is away, and asks again when it went away under the call. `build` sees the sids of then. */
  private async request<M extends keyof HubCalls>(
    method: M,
    build: () => HubCalls[M]['request'],
  ): Promise<HubCalls[M]['response']> {
    for (;;) {
      await this.recovery.ready();
      if (this.closed || this.channel === undefined) {
        throw new ConnectionError('cancelled', 'The room was left.');
      }
      try {
        return await this.channel.call(method, build());
      } catch (error) {
        if (!(error instanceof ConnectionError && error.code === 'signal_lost') || this.closed) {
          throw error;
        }
        this.recovery.noteSignalLost();
      }
    }
  }

  /** After a resume both sides agree again on what we publish and what is muted. */
  private reconcileOwnTracks(self: ParticipantInfo): void {
    const ignore = (error: unknown) => this.recovery.noteFailure(error);
    const ours = new Map([...this.outgoing].map((track) => [track.sid, track]));
    for (const info of self.tracks) {
      const track = ours.get(info.sid);
      if (track === undefined) {
        this.request('Unpublish', () => ({ trackSid: info.sid })).catch(ignore);
      } else if (track.track.isMuted !== info.muted) {
        this.setMuted(track).catch(ignore);
      }
    }
  }

  private end(reason: Parameters<EngineListener['onClosed']>[0], error?: ConnectionError): void {
    if (this.closed) {
      return;
    }
    this.rejectConnect?.(error ?? new ConnectionError('cancelled', `The server ended the connection (${reason}).`));
    this.letGo(false);
    this.listener.onClosed(reason, error);
  }

  private letGo(sayGoodbye: boolean): void {
    this.closed = true;
    this.recovery.stop();
    this.queue.abandon(new ConnectionError('cancelled', 'The room was left.'));
    if (sayGoodbye) {
      this.channel?.post('Leave');
    }
    this.channel?.close().catch(() => undefined);
    this.channel = undefined;
    this.peer?.close();
  }

  private requireChannel(): SignalChannel {
    if (this.channel === undefined) {
      throw new ConnectionError('cancelled', 'The room was left.');
    }
    return this.channel;
  }

  private requirePeer(): PeerLink {
    if (this.peer === undefined || this.closed) {
      throw new ConnectionError('cancelled', 'The room was left.');
    }
    return this.peer;
  }
}

function toIceServer(server: JoinResponse['iceServers'][number]): RTCIceServer {
  return {
    urls: [...server.urls],
    ...(server.username == null ? {} : { username: server.username }),
    ...(server.credential == null ? {} : { credential: server.credential }),
  };
}

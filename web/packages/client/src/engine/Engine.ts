import { ConnectionError } from '../errors.js';
import type { JoinResponse, ParticipantInfo, TrackInfo } from '../signal/contract.js';
import { within } from '../time/deadline.js';
import { version } from '../version.js';
import type { EngineEnvironment, EngineListener } from './EngineListener.js';
import { Negotiation } from './Negotiation.js';
import type { OutgoingTrack } from './OutgoingTrack.js';
import { Recovery } from './Recovery.js';
import { SignalLink } from './SignalLink.js';

export interface EngineOptions {
  url: string;
  token: string;
  room: string | undefined;
  autoSubscribe: boolean;
  /** Milliseconds for the join and the first connection of media. */
  timeoutMs: number;
}

/**
 * The connection of one participant: a signaling channel, and by `Negotiation` a peer connection and what is sent over it.
 *
 * Use: `connect` once, then anything, then `close` once. Losses are mended by `Recovery`, which calls the three actions
 * `resume`, `rejoin` and `replaceTransport`.
 */
export class Engine {
  private readonly negotiation: Negotiation;
  private readonly recovery: Recovery;
  private readonly signal: SignalLink;
  private resumeToken = '';
  private participantSid = '';
  private closed = false;
  private rejectConnect: ((error: Error) => void) | undefined;

  constructor(
    private readonly env: EngineEnvironment,
    private readonly listener: EngineListener,
    private readonly options: EngineOptions,
  ) {
    this.negotiation = new Negotiation(env, listener, {
      sendOffer: (request) => this.signal.channel().call('Offer', request),
      onPeerState: (state) => this.recovery.handlePeerState(state),
      noteFailure: (error) => this.recovery.noteFailure(error),
      ready: () => this.recovery.ready(),
    });
    this.recovery = new Recovery(env, this, {
      onStage: (stage) => {
        this.negotiation.hold(stage !== 'none');
        listener.onStage(stage);
      },
      onGivenUp: (error) => this.end(error.code === 'timeout' ? 'connection_timeout' : 'unknown', error),
    });
    this.signal = new SignalLink(env, this.recovery, options, {
      onRoomChanged: (change) => listener.onChange(change),
      onNegotiationNeeded: (need) => {
        this.negotiation.requestQuietly({ audio: need.addAudioSections, video: need.addVideoSections });
      },
      onTransportLost: () => this.recovery.noteTransportLost(),
      onDisconnected: ({ reason }) => this.end(reason),
      onLost: () => {
        this.rejectConnect?.(new ConnectionError('signal_lost', 'The connection to the server was lost.'));
        this.recovery.noteSignalLost();
      },
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
      await this.recovery.peerConnected(this.negotiation.requirePeer(), this.options.timeoutMs);
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
    return this.negotiation.peer?.state === 'connected';
  }

  async close(): Promise<void> {
    this.rejectConnect?.(new ConnectionError('cancelled', 'The connection was given up before it stood.'));
    if (!this.closed) {
      this.closed = true;
      await this.signal.leave();
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
    const info = await this.signal.request('Publish', () => track.announcement());
    track.sid = info.sid;
    const { negotiation } = this;
    negotiation.outgoing.add(track);
    try {
      await negotiation.request();
    } catch (error) {
      negotiation.outgoing.delete(track);
      await negotiation.peer?.stopSending(track);
      this.signal.request('Unpublish', () => ({ trackSid: track.sid })).catch(() => undefined);
      throw error;
    }
    return { ...info, sid: track.sid };
  }

  async unpublish(track: OutgoingTrack): Promise<void> {
    this.negotiation.outgoing.delete(track);
    await this.negotiation.peer?.stopSending(track);
    await this.signal.request('Unpublish', () => ({ trackSid: track.sid })).catch((error: unknown) => {
      if (!(error instanceof ConnectionError && error.code === 'track_not_found')) {
        throw error;
      }
    });
    await this.negotiation.request();
  }

  setMuted(track: OutgoingTrack): Promise<void> {
    return this.signal.request('SetMuted', () => ({ trackSid: track.sid, muted: track.track.isMuted }));
  }

  updateSubscriptions(trackSids: string[], subscribe: boolean): Promise<void> {
    return this.signal.request('UpdateSubscriptions', () => ({ trackSids, subscribe }));
  }

  async refreshSnapshot(): Promise<void> {
    this.listener.onSnapshot(await this.signal.request('GetSnapshot', () => undefined), false);
  }

  getStats(): Promise<RTCStatsReport | undefined> {
    return this.negotiation.peer?.getStats() ?? Promise.resolve(undefined);
  }

  /** @internal Recovery's action: the same participant over a new channel; true when the transport has to be replaced too. */
  async resume(): Promise<{ transportLost: boolean }> {
    const channel = await this.signal.open();
    this.listener.onResuming();
    const response = await channel.call('Resume', {
      token: this.options.token,
      participantSid: this.participantSid,
      resumeToken: this.resumeToken,
      version: this.listener.roomVersion(),
    });
    this.listener.onSnapshot(response.room, false);
    this.reconcileOwnTracks(response.participant);
    if (response.negotiationNeeded || this.negotiation.peer?.isOffering === true) {
      this.negotiation.requestQuietly();
    }
    return { transportLost: response.transportLost };
  }

  /** @internal Recovery's action: another participant with the same token, and the same tracks under new sids. */
  async rejoin(): Promise<void> {
    await this.join(true);
    const channel = this.signal.channel();
    for (const track of this.negotiation.outgoing) {
      const info = await channel.call('Publish', track.announcement());
      track.sid = info.sid;
      track.onReannounced(info);
    }
    if (this.negotiation.outgoing.size > 0) {
      await this.negotiation.once();
    }
    await this.recovery.peerConnected(this.negotiation.requirePeer());
  }

  /** @internal Recovery's action: another peer connection for the same participant. */
  async replaceTransport(): Promise<void> {
    const peer = this.negotiation.renewPeer();
    await this.negotiation.exchange(peer, true);
    await this.recovery.peerConnected(peer);
  }

  private async join(again: boolean): Promise<void> {
    const { token, room, autoSubscribe } = this.options;
    const opening = this.signal.open();
    opening.catch(() => undefined);
    const peer = this.negotiation.renewPeer();
    const offer = await this.negotiation.firstOffer(peer);
    const channel = await opening;
    const response: JoinResponse = await channel.call('Join', {
      token,
      room: room ?? null,
      autoSubscribe,
      offer,
      client: { sdk: 'js', version, userAgent: this.env.userAgent },
    });
    if (this.closed) {
      throw new ConnectionError('cancelled', 'The connection was given up before it stood.');
    }
    this.resumeToken = response.resumeToken;
    this.participantSid = response.participant.sid;
    this.negotiation.iceServers = response.iceServers.map(toIceServer);
    this.listener.onJoined(response, again);
    this.listener.onSnapshot(response.room, again);
    if (response.answer == null) {
      await this.negotiation.exchange(peer, false);
    } else {
      await this.negotiation.apply(peer, response.answer);
    }
  }

  /** After a resume both sides agree again on what we publish and what is muted. */
  private reconcileOwnTracks(self: ParticipantInfo): void {
    const ignore = (error: unknown) => this.recovery.noteFailure(error);
    const ours = new Map([...this.negotiation.outgoing].map((track) => [track.sid, track]));
    for (const info of self.tracks) {
      const track = ours.get(info.sid);
      if (track === undefined) {
        this.signal.request('Unpublish', () => ({ trackSid: info.sid })).catch(ignore);
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
    this.signal.close(sayGoodbye);
    this.negotiation.close();
  }

}

function toIceServer(server: JoinResponse['iceServers'][number]): RTCIceServer {
  return {
    urls: [...server.urls],
    ...(server.username == null ? {} : { username: server.username }),
    ...(server.credential == null ? {} : { credential: server.credential }),
  };
}

import { Engine } from '../engine/Engine.js';
import type { EngineListener } from '../engine/EngineListener.js';
import { ConnectionError } from '../errors.js';
import { TypedEmitter } from '../events/TypedEmitter.js';
import { log } from '../log.js';
import { LocalParticipant } from '../participant/LocalParticipant.js';
import type { Participant } from '../participant/Participant.js';
import type { RemoteParticipant } from '../participant/RemoteParticipant.js';
import { DefaultReconnectPolicy } from '../recovery/ReconnectPolicy.js';
import type { RecoveryStage } from '../recovery/RecoveryPlan.js';
import type { DisconnectReason, JoinResponse } from '../signal/contract.js';
import { listDevices } from '../track/devices.js';
import { AudioPlayback } from './AudioPlayback.js';
import { browserEnvironment, type RoomEnvironment } from './environment.js';
import { ConnectionState, ParticipantEvent, RoomEvent } from './events.js';
import { relayLocalEvents } from './localEvents.js';
import { LocalPublisher } from './LocalPublisher.js';
import type { RoomConnectOptions, RoomOptions } from './options.js';
import { watchPage } from './pageWatch.js';
import { RemoteMembers } from './RemoteMembers.js';
import type { RoomEvents } from './RoomEvents.js';
import { RosterFeed } from './RosterFeed.js';
import { SpeakerWatch } from './SpeakerWatch.js';

/**
 * A room and our place in it: `connect`, publish with `localParticipant`, look at `remoteParticipants`, listen to
 * `RoomEvent`s, `disconnect`. It mends lost connections by itself.
 */
export class Room extends TypedEmitter<RoomEvents> {
  /** The others, by identity. */
  readonly remoteParticipants: Map<string, RemoteParticipant>;
  readonly localParticipant: LocalParticipant;
  name = '';
  sid = '';

  private readonly members: RemoteMembers;
  private readonly publisher: LocalPublisher;
  private readonly playback: AudioPlayback;
  private readonly speakers: SpeakerWatch;
  private readonly feed: RosterFeed;
  private engine: Engine | undefined;
  private currentState: ConnectionState = ConnectionState.Disconnected;
  private stopListening: () => void = () => undefined;

  constructor(
    readonly options: RoomOptions = {},
    /** @internal */
    private readonly env: RoomEnvironment = browserEnvironment,
  ) {
    super();
    this.playback = new AudioPlayback((canPlay) => this.emit(RoomEvent.AudioPlaybackStatusChanged, canPlay));
    this.members = new RemoteMembers(this, this.playback, (sid, subscribe) => this.askSubscription(sid, subscribe));
    this.remoteParticipants = this.members.byIdentity;
    this.publisher = new LocalPublisher(options);
    this.localParticipant = new LocalParticipant(this.publisher);
    this.publisher.onRenamed = (publication, formerSid) => this.localParticipant.rename(publication, formerSid);
    this.feed = new RosterFeed(this.localParticipant, this.members, (info) => this.publisher.noteInfo(info));
    this.speakers = new SpeakerWatch(this, env);
    relayLocalEvents(this);
  }

  get state(): ConnectionState {
    return this.currentState;
  }

  get isConnected(): boolean {
    return this.currentState === ConnectionState.Connected;
  }

  get numParticipants(): number {
    return this.remoteParticipants.size + (this.isConnected ? 1 : 0);
  }

  /** False when the browser waits for a click before it plays sound; call `startAudio` in the click's handler then. */
  get canPlaybackAudio(): boolean {
    return this.playback.canPlay;
  }

  get activeSpeakers(): Participant[] {
    return this.speakers.active;
  }

  /**
   * Joins the room of the token. `url` is http(s) or ws(s). Resolves when audio and video can flow.
   * Rejects with `ConnectionError` after at most 15 s; the room can be connected again then.
   */
  async connect(url: string, token: string, options: RoomConnectOptions = {}): Promise<void> {
    if (this.currentState !== ConnectionState.Disconnected) {
      throw new ConnectionError('already_joined', 'This room is connected or connecting already.');
    }
    const engine = new Engine(
      { ...this.env, reconnectPolicy: this.options.reconnectPolicy ?? this.defaultPolicy() },
      this.engineListener(),
      {
        url,
        token,
        room: options.room,
        autoSubscribe: options.autoSubscribe ?? this.options.autoSubscribe ?? true,
        timeoutMs: options.timeoutMs ?? 15_000,
      },
    );
    this.engine = engine;
    this.feed.hold();
    this.setState(ConnectionState.Connecting);
    try {
      await engine.connect();
    } catch (error) {
      if (this.engine === engine) {
        this.forget();
        this.setState(ConnectionState.Disconnected);
      }
      throw error;
    }
    this.publisher.engine = engine;
    this.stopListening = watchPage(this.env.page, {
      onOnline: () => this.engine?.handleOnline(),
      onHide: () => this.handlePageHide(),
      onDevices: () => this.emit(RoomEvent.MediaDevicesChanged),
    });
    this.setState(ConnectionState.Connected);
    this.emit(RoomEvent.Connected);
    this.feed.release();
    this.speakers.start();
  }

  /** Leaves. Devices are let go unless `stopTracks` is false. Resolves when the server was told, after 1 s at the latest. */
  async disconnect(stopTracks = true): Promise<void> {
    const engine = this.engine;
    if (engine === undefined) {
      return;
    }
    this.engine = undefined;
    const wasConnected = !this.feed.isHeld;
    const closing = engine.close();
    if (wasConnected) {
      this.finish('client_left', undefined, stopTracks);
    } else {
      this.forget();
      this.setState(ConnectionState.Disconnected);
    }
    await closing;
  }

  /** Plays sound that the browser held back; call it in a click's handler. */
  startAudio(): Promise<void> {
    return this.playback.start();
  }

  /** What WebRTC measured on the present peer connection. */
  async getStats(): Promise<RTCStatsReport | undefined> {
    return this.engine?.getStats();
  }

  /** Cameras, microphones or speakers of this machine. With `requestPermissions` their names are known. */
  static getLocalDevices(kind?: MediaDeviceKind, requestPermissions = true): Promise<MediaDeviceInfo[]> {
    return listDevices(kind, requestPermissions);
  }

  /** Goes on with another camera or microphone, or plays on another speaker. */
  async switchActiveDevice(kind: MediaDeviceKind, deviceId: string): Promise<void> {
    if (kind === 'audiooutput') {
      await this.playback.setSink(deviceId);
      return;
    }
    const source = kind === 'videoinput' ? 'camera' : 'microphone';
    this.publisher.remember(kind, deviceId);
    await this.localParticipant.getTrackPublication(source)?.track.setDeviceId(deviceId);
  }

  private defaultPolicy(): DefaultReconnectPolicy {
    return new DefaultReconnectPolicy(60_000, () => this.env.clock.random());
  }

  private engineListener(): EngineListener {
    return {
      onJoined: (response, again) => this.handleJoined(response, again),
      onResuming: () => this.feed.handleResuming(),
      onSnapshot: (state) => this.feed.handleSnapshot(state),
      onChange: (change) => {
        if (this.feed.handleChange(change).needsSnapshot) {
          this.engine?.refreshSnapshot().catch((error: unknown) => log.warn('no snapshot', error));
        }
      },
      onBindings: (change, receiverOf) => this.feed.handleBindings(change, receiverOf),
      onStage: (stage) => this.handleStage(stage),
      onClosed: (reason, error) => this.handleClosed(reason, error),
      roomVersion: () => this.feed.version,
      receivedCount: () => this.members.receivedCount(),
    };
  }

  private handleJoined(response: JoinResponse, again: boolean): void {
    this.sid = response.room.sid;
    this.name = response.room.name;
    this.localParticipant.updateInfo(response.participant);
    if (again) {
      this.feed.handleRejoin();
    }
  }

  private handleStage(stage: RecoveryStage): void {
    if (stage === 'none') {
      this.setState(ConnectionState.Connected);
      this.members.repeatWishes();
      this.emit(RoomEvent.Reconnected);
    } else if (stage === 'signal') {
      if (this.currentState === ConnectionState.Connected) {
        this.setState(ConnectionState.SignalReconnecting);
        this.emit(RoomEvent.SignalReconnecting);
      }
    } else if (this.currentState !== ConnectionState.Reconnecting) {
      this.setState(ConnectionState.Reconnecting);
      this.emit(RoomEvent.Reconnecting);
    }
  }

  private handleClosed(reason: DisconnectReason, error: ConnectionError | undefined): void {
    this.engine = undefined;
    if (!this.feed.isHeld) {
      this.finish(reason, error, true);
    }
  }

  private handlePageHide(): void {
    if (this.options.disconnectOnPageLeave ?? true) {
      this.engine?.closeNow();
      this.finish('client_left', undefined, true);
    }
  }

  private finish(reason: DisconnectReason, error: ConnectionError | undefined, stopTracks: boolean): void {
    this.members.clear();
    const stop = stopTracks && (this.options.stopLocalTrackOnUnpublish ?? true);
    for (const publication of this.localParticipant.dropTracks(stop)) {
      this.localParticipant.emit(ParticipantEvent.LocalTrackUnpublished, publication);
    }
    this.forget();
    this.setState(ConnectionState.Disconnected);
    this.emit(RoomEvent.Disconnected, reason, error);
  }

  private forget(): void {
    this.engine = undefined;
    this.publisher.engine = undefined;
    this.feed.forget();
    this.speakers.stop();
    this.stopListening();
    this.members.clear();
  }

  private askSubscription(trackSid: string, subscribe: boolean): void {
    this.engine?.updateSubscriptions([trackSid], subscribe).catch((error: unknown) => {
      log.warn(`the subscription of ${trackSid} could not be changed`, error);
    });
  }

  private setState(state: ConnectionState): void {
    if (this.currentState !== state) {
      this.currentState = state;
      this.emit(RoomEvent.ConnectionStateChanged, state);
    }
  }
}

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
import { Roster, type RosterEvent } from '../roster/Roster.js';
import type { DisconnectReason, JoinResponse, RoomState, TrackInfo } from '../signal/contract.js';
import { AudioPlayback } from './AudioPlayback.js';
import { browserEnvironment, type RoomEnvironment } from './environment.js';
import { ConnectionState, ParticipantEvent, RoomEvent } from './events.js';
import { LocalPublisher } from './LocalPublisher.js';
import type { RoomConnectOptions, RoomOptions } from './options.js';
import { watchPage } from './pageWatch.js';
import { RemoteMembers } from './RemoteMembers.js';
import type { RoomEvents } from './RoomEvents.js';
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
  private roster = new Roster();
  private engine: Engine | undefined;
  private currentState: ConnectionState = ConnectionState.Disconnected;
  /** What arrived before `Connected` is told after it. */
  private deferred: (() => void)[] | undefined;
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
    this.speakers = new SpeakerWatch(this, env.clock);
    this.relayLocalEvents();
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
    this.roster = new Roster();
    this.deferred = [];
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
    this.flush();
    this.speakers.start();
  }

  /** Leaves. Devices are let go unless `stopTracks` is false. Resolves when the server was told, after 1 s at the latest. */
  async disconnect(stopTracks = true): Promise<void> {
    const engine = this.engine;
    if (engine === undefined) {
      return;
    }
    this.engine = undefined;
    const wasConnected = this.deferred === undefined;
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
  static async getLocalDevices(kind?: MediaDeviceKind, requestPermissions = true): Promise<MediaDeviceInfo[]> {
    const all = await navigator.mediaDevices.enumerateDevices();
    const wanted = all.filter((device) => kind === undefined || device.kind === kind);
    const nameless = wanted.some((device) => device.label === '' && device.kind !== 'audiooutput');
    if (!requestPermissions || !nameless) {
      return wanted;
    }
    const stream = await navigator.mediaDevices.getUserMedia({
      video: kind === undefined || kind === 'videoinput',
      audio: kind !== 'videoinput',
    });
    const named = await navigator.mediaDevices.enumerateDevices();
    stream.getTracks().forEach((track) => track.stop());
    return named.filter((device) => kind === undefined || device.kind === kind);
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
      onResuming: () => (this.roster.needsSnapshot = true),
      onSnapshot: (state) => this.handleSnapshot(state),
      onChange: (change) => {
        this.applyRoster(this.roster.handleChange(change));
        if (this.roster.needsSnapshot) {
          this.engine?.refreshSnapshot().catch((error: unknown) => log.warn('no snapshot', error));
        }
      },
      onBindings: (change, receiverOf) => this.later(() => this.members.handleBindings(change, receiverOf)),
      onStage: (stage) => this.handleStage(stage),
      onClosed: (reason, error) => this.handleClosed(reason, error),
      roomVersion: () => this.roster.version,
      receivedCount: () => this.members.receivedCount(),
    };
  }

  private handleJoined(response: JoinResponse, again: boolean): void {
    this.sid = response.room.sid;
    this.name = response.room.name;
    this.localParticipant.updateInfo(response.participant);
    if (again) {
      this.roster.handleRejoin();
    }
  }

  private handleSnapshot(state: RoomState): void {
    this.applyRoster(this.roster.handleSnapshot(state));
  }

  private applyRoster(events: RosterEvent[]): void {
    // Those who are there at the first snapshot are simply in the map when `Connected` is told.
    const quiet = this.deferred !== undefined && this.remoteParticipants.size === 0;
    for (const event of events) {
      if (event.participant.identity === this.localParticipant.identity) {
        this.applyToSelf(event);
      } else if (quiet) {
        this.members.apply(event, true);
      } else {
        this.later(() => this.members.apply(event, false));
      }
    }
  }

  private applyToSelf(event: RosterEvent): void {
    if (event.participant.sid !== this.localParticipant.sid) {
      return;
    }
    if (event.type === 'updated') {
      this.localParticipant.updateInfo(event.participant);
    } else if (event.type === 'trackUpdated' || event.type === 'trackPublished') {
      const info: TrackInfo = event.track;
      this.localParticipant.trackPublications.get(info.sid)?.update(info);
      this.publisher.noteInfo(info);
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
    if (this.deferred === undefined) {
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
    this.deferred = undefined;
    this.speakers.stop();
    this.stopListening();
    this.members.clear();
  }

  private askSubscription(trackSid: string, subscribe: boolean): void {
    this.engine?.updateSubscriptions([trackSid], subscribe).catch((error: unknown) => {
      log.warn(`the subscription of ${trackSid} could not be changed`, error);
    });
  }

  private later(run: () => void): void {
    if (this.deferred === undefined) {
      run();
    } else {
      this.deferred.push(run);
    }
  }

  private flush(): void {
    const waiting = this.deferred ?? [];
    this.deferred = undefined;
    waiting.forEach((run) => run());
  }

  private setState(state: ConnectionState): void {
    if (this.currentState !== state) {
      this.currentState = state;
      this.emit(RoomEvent.ConnectionStateChanged, state);
    }
  }

  private relayLocalEvents(): void {
    const local = this.localParticipant;
    local
      .on(ParticipantEvent.LocalTrackPublished, (publication) => this.emit(RoomEvent.LocalTrackPublished, publication, local))
      .on(ParticipantEvent.LocalTrackUnpublished, (gone) => this.emit(RoomEvent.LocalTrackUnpublished, gone, local))
      .on(ParticipantEvent.TrackMuted, (publication) => this.emit(RoomEvent.TrackMuted, publication, local))
      .on(ParticipantEvent.TrackUnmuted, (publication) => this.emit(RoomEvent.TrackUnmuted, publication, local))
      .on(ParticipantEvent.ParticipantMetadataChanged, (old) => this.emit(RoomEvent.ParticipantMetadataChanged, old, local))
      .on(ParticipantEvent.ParticipantNameChanged, (name) => this.emit(RoomEvent.ParticipantNameChanged, name, local))
      .on(ParticipantEvent.ParticipantPermissionsChanged, (old) =>
        this.emit(RoomEvent.ParticipantPermissionsChanged, old, local),
      )
      .on(ParticipantEvent.MediaDevicesError, (error, failure) => this.emit(RoomEvent.MediaDevicesError, error, failure));
  }
}

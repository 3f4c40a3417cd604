import { ConnectionState, RoomEvent, type Participant, type RemoteTrack, type Room } from '@rtcplatform/client';
import { explainDevice } from '../errors/explain.js';
import { h, show } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toasts.js';
import { Controls, type Action } from './Controls.js';
import { openDeviceDialog } from './DeviceDialog.js';
import { Stage } from './Stage.js';

/** A running call. It draws what the room says and asks the room for what the buttons say. */
export class CallView {
  readonly element: HTMLElement;
  private readonly stage: Stage;
  private readonly controls: Controls;
  private readonly count = h('span', { 'data-testid': 'participant-count' });
  private readonly banner = h('div', { class: 'banner', role: 'status', 'data-testid': 'reconnect-banner', hidden: true });
  private readonly soundPrompt: HTMLElement;
  private readonly alone: HTMLElement;
  private readonly audio = h('div', { hidden: true, 'data-testid': 'audio-elements' });
  private busy = new Set<Action>();
  private drawing = false;
  private bannerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly room: Room,
    private readonly link: string,
    private readonly onLeave: () => void,
  ) {
    this.stage = new Stage(room);
    this.controls = new Controls((action) => void this.act(action));
    this.soundPrompt = h(
      'button',
      { class: 'banner clickable', 'data-testid': 'start-audio', hidden: true, onclick: () => void room.startAudio() },
      icon('sound'),
      'Click to hear the others',
    );
    this.alone = h(
      'div',
      { class: 'alone', 'data-testid': 'alone-hint', hidden: true },
      h('p', {}, 'You are the only one here.'),
      h('button', { class: 'quiet', onclick: () => void this.act('copy') }, icon('link'), 'Copy the link to invite others'),
    );
    this.element = h(
      'div',
      { class: 'call', 'data-testid': 'call' },
      h(
        'header',
        { class: 'call-header' },
        h('img', { src: 'assets/icon.svg', alt: '' }),
        h('h1', { 'data-testid': 'room-name' }, room.name),
        h('div', { class: 'people' }, icon('people'), this.count),
      ),
      this.banner,
      this.soundPrompt,
      this.stage.element,
      this.alone,
      h('footer', { class: 'call-footer' }, this.controls.element),
      this.audio,
    );
    this.listen();
    this.draw();
  }

  dispose(): void {
    clearTimeout(this.bannerTimer);
    this.stage.dispose();
    this.controls.dispose();
    this.element.remove();
  }

  private listen(): void {
    const { room } = this;
    const redraw = () => this.draw();
    for (const event of [
      RoomEvent.TrackPublished, RoomEvent.TrackUnpublished, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted,
      RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished, RoomEvent.ParticipantNameChanged,
      RoomEvent.ParticipantPermissionsChanged,
    ] as const) {
      room.on(event, redraw);
    }
    room
      .on(RoomEvent.ParticipantConnected, (participant) => {
        toast(`${nameOf(participant)} joined`);
        this.draw();
      })
      .on(RoomEvent.ParticipantDisconnected, (participant) => {
        toast(`${nameOf(participant)} left`);
        this.draw();
      })
      .on(RoomEvent.TrackSubscribed, (track) => {
        this.play(track);
        this.draw();
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        track.detach().forEach((element) => element.parentElement === this.audio && element.remove());
        this.draw();
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => this.stage.setSpeakers(speakers.map(({ identity }) => identity)))
      .on(RoomEvent.AudioPlaybackStatusChanged, (canPlay) => show(this.soundPrompt, !canPlay))
      .on(RoomEvent.ConnectionStateChanged, (state) => this.drawBanner(state));
  }

  private play(track: RemoteTrack): void {
    if (track.kind === 'audio') {
      this.audio.append(track.attach());
    }
  }

  /** Once per turn of the event loop: a snapshot changes many things at once. */
  private draw(): void {
    if (this.drawing) {
      return;
    }
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      this.stage.update();
      const people = this.room.remoteParticipants.size + 1;
      this.count.textContent = String(people);
      this.count.setAttribute('aria-label', `${people} in the room`);
      show(this.alone, people === 1);
      this.drawControls();
    });
  }

  private drawControls(): void {
    const local = this.room.localParticipant;
    const forbidden = local.permissions?.canPublish === false ? 'You may only watch in this room' : undefined;
    const noShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {}) ? undefined : 'This browser cannot share its screen';
    const reason = (action: Action, other?: string) => forbidden ?? other ?? (this.busy.has(action) ? 'One moment…' : undefined);
    const entries = [['mic', reason('mic')], ['camera', reason('camera')], ['screen', reason('screen', noShare)]] as const;
    this.controls.update({
      mic: local.isMicrophoneEnabled,
      camera: local.isCameraEnabled,
      screen: local.isScreenShareEnabled,
      disabled: Object.fromEntries(entries.filter(([, text]) => text !== undefined)),
    });
  }

  private drawBanner(state: ConnectionState): void {
    clearTimeout(this.bannerTimer);
    this.element.dataset['state'] = state;
    const tell = (text: string) => {
      this.banner.replaceChildren(h('span', { class: 'spinner' }), text);
      show(this.banner, true);
    };
    if (state === ConnectionState.Reconnecting) {
      tell('Connection interrupted. Reconnecting…');
    } else if (state === ConnectionState.SignalReconnecting) {
      // Picture and sound go on, so a short absence is nobody's business.
      this.bannerTimer = setTimeout(() => tell('The server is away. You can still see and hear each other.'), 1500);
    } else {
      show(this.banner, false);
    }
  }

  private async act(action: Action): Promise<void> {
    const local = this.room.localParticipant;
    switch (action) {
      case 'mic':
        await this.toggle('mic', 'microphone', () => local.setMicrophoneEnabled(!local.isMicrophoneEnabled));
        break;
      case 'camera':
        await this.toggle('camera', 'camera', () => local.setCameraEnabled(!local.isCameraEnabled));
        break;
      case 'screen':
        await this.toggle('screen', 'screen', () => local.setScreenShareEnabled(!local.isScreenShareEnabled, { audio: true }));
        break;
      case 'copy':
        await this.copyLink();
        break;
      case 'settings':
        openDeviceDialog(this.room);
        break;
      case 'leave':
        this.onLeave();
        break;
    }
  }

  private async toggle(action: Action, device: 'microphone' | 'camera' | 'screen', run: () => Promise<unknown>): Promise<void> {
    if (this.busy.has(action)) {
      return;
    }
    this.busy.add(action);
    this.drawControls();
    try {
      await run();
    } catch (error) {
      const problem = explainDevice(device, error);
      if (problem !== undefined) {
        toast(`${problem.title}. ${problem.text}`, 'error');
      }
    } finally {
      this.busy.delete(action);
      this.draw();
    }
  }

  private async copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link);
      toast('Link copied. Send it to whoever should join.', 'success');
    } catch {
      // Without https there is no clipboard: the link is shown, to be copied by hand.
      toast(this.link);
    }
  }
}

function nameOf(participant: Participant): string {
  return participant.name || participant.identity;
}

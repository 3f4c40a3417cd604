import { createLocalAudioTrack, createLocalVideoTrack, type LocalTrack } from '@rtcplatform/client';
import { explainBothBlocked, explainDevice, type Explanation } from '../errors/explain.js';
import { hueOf, initials } from '../ui/avatar.js';
import { h, show } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { DevicePicker } from './DevicePicker.js';
import type { Intent } from './intent.js';
import { LevelMeter } from './LevelMeter.js';

export interface Entry {
  name: string;
  room: string;
  camera: LocalTrack | undefined;
  microphone: LocalTrack | undefined;
}

/** The card before a call: who, where, and whether camera and microphone work. */
export class PreJoin {
  readonly element: HTMLElement;
  private readonly nameInput: HTMLInputElement;
  private readonly roomInput: HTMLInputElement;
  private readonly joinButton: HTMLButtonElement;
  private readonly problem: HTMLElement;
  private readonly preview = h('video', { 'data-testid': 'preview-video', class: 'mirrored', muted: true, playsinline: true });
  private readonly avatar = h('div', { class: 'avatar large', 'aria-hidden': 'true' });
  private readonly hint = h('p', { class: 'preview-hint', 'data-testid': 'preview-hint' });
  private readonly cameraButton = h('button', { type: 'button', class: 'round', 'data-testid': 'toggle-camera' });
  private readonly micButton = h('button', { type: 'button', class: 'round', 'data-testid': 'toggle-mic' });
  private readonly meter = new LevelMeter();
  private readonly meterPill = h('div', { class: 'preview-meter', hidden: true }, icon('mic'), this.meter.element);
  private readonly cameras = new DevicePicker('videoinput', 'Camera', () => void this.setCamera(true, true));
  private readonly microphones = new DevicePicker('audioinput', 'Microphone', () => void this.setMicrophone(true, true));
  private camera: LocalTrack | undefined;
  private microphone: LocalTrack | undefined;
  private problems: { camera?: Explanation; microphone?: Explanation } = {};
  private gone = false;

  constructor(
    private readonly intent: Intent,
    private readonly onJoin: (entry: Entry) => Promise<void>,
  ) {
    this.nameInput = h('input', {
      id: 'name', 'data-testid': 'name-input', value: intent.name, maxlength: 64, autocomplete: 'name',
      required: true, placeholder: 'Ada Lovelace', oninput: () => this.drawAvatar(),
    });
    this.roomInput = h('input', {
      id: 'room', 'data-testid': 'room-input', value: intent.room, maxlength: 64, required: true,
      autocomplete: 'off', spellcheck: 'false', placeholder: 'team-standup',
    });
    this.joinButton = h('button', { class: 'primary', type: 'submit', 'data-testid': 'join-button' }, 'Join room');
    this.problem = h('div', { class: 'problem', role: 'alert', 'data-testid': 'error', hidden: true });
    this.element = this.layout();
    this.cameraButton.addEventListener('click', () => void this.setCamera(this.camera === undefined));
    this.micButton.addEventListener('click', () => void this.setMicrophone(this.microphone === undefined));
    this.drawAvatar();
    this.drawButtons();
  }

  /** Opens the devices, one after the other so that one that is missing does not keep the other away. */
  async open(): Promise<void> {
    (this.nameInput.value === '' ? this.nameInput : this.joinButton).focus();
    await Promise.all([this.cameras.refresh(), this.microphones.refresh()]);
    if (this.intent.camera) {
      await this.setCamera(true);
    }
    if (this.intent.microphone) {
      await this.setMicrophone(true);
    }
  }

  showProblem(problem: Explanation): void {
    this.problem.replaceChildren(icon('alert'), h('div', {}, h('strong', {}, problem.title), h('p', {}, problem.text)));
    show(this.problem, true);
  }

  /** Leaves the page; devices stay open for the call when `keepDevices`. */
  close(keepDevices: boolean): void {
    this.gone = true;
    this.meter.stop();
    this.camera?.detach();
    if (!keepDevices) {
      this.camera?.stop();
      this.microphone?.stop();
    }
    this.element.remove();
  }

  private layout(): HTMLElement {
    const form = h(
      'form',
      { class: 'entry-form', 'data-testid': 'prejoin-form', onsubmit: (event) => void this.submit(event) },
      h('h1', {}, 'Ready to join?'),
      h('p', { class: 'lead' }, 'Check your picture and sound, then step in.'),
      h('div', { class: 'field' }, h('label', { for: 'name' }, 'Your name'), this.nameInput),
      h('div', { class: 'field' }, h('label', { for: 'room' }, 'Room'), this.roomInput),
      h('div', { class: 'field-pair' }, this.cameras.element, this.microphones.element),
      this.problem,
      this.joinButton,
    );
    const preview = h(
      'div',
      { class: 'preview' },
      this.preview,
      this.avatar,
      this.hint,
      h('div', { class: 'preview-controls' }, this.micButton, this.cameraButton),
      this.meterPill,
    );
    return h(
      'div',
      { class: 'entry' },
      h('header', { class: 'brand' }, h('img', { src: 'assets/icon.svg', alt: '' }), h('span', {}, 'RtcPlatform')),
      h('section', { class: 'entry-card', 'aria-label': 'Join a room' }, preview, form),
    );
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.nameInput.value.trim();
    const room = this.roomInput.value.trim();
    if (name === '' || room === '') {
      (name === '' ? this.nameInput : this.roomInput).focus();
      return;
    }
    show(this.problem, false);
    this.joinButton.disabled = true;
    this.joinButton.textContent = 'Joining…';
    try {
      await this.onJoin({ name, room, camera: this.camera, microphone: this.microphone });
    } finally {
      this.joinButton.disabled = false;
      this.joinButton.textContent = 'Join room';
    }
  }

  private async setCamera(on: boolean, again = false): Promise<void> {
    if (!on || again) {
      this.camera?.detach();
      this.camera?.stop();
      this.camera = undefined;
    }
    delete this.problems.camera;
    if (on && this.camera === undefined) {
      try {
        const deviceId = this.cameras.deviceId;
        const track = await createLocalVideoTrack(deviceId === undefined ? {} : { deviceId });
        if (this.gone) {
          track.stop();
          return;
        }
        this.camera = track;
        track.attach(this.preview);
        await this.cameras.refresh(track.mediaStreamTrack.getSettings().deviceId);
      } catch (error) {
        this.noteProblem('camera', error);
      }
    }
    this.drawHint();
    this.drawButtons();
  }

  private async setMicrophone(on: boolean, again = false): Promise<void> {
    if (!on || again) {
      this.meter.stop();
      this.microphone?.stop();
      this.microphone = undefined;
    }
    delete this.problems.microphone;
    if (on && this.microphone === undefined) {
      try {
        const deviceId = this.microphones.deviceId;
        const track = await createLocalAudioTrack(deviceId === undefined ? {} : { deviceId });
        if (this.gone) {
          track.stop();
          return;
        }
        this.microphone = track;
        this.meter.start(track.mediaStreamTrack);
        await this.microphones.refresh(track.mediaStreamTrack.getSettings().deviceId);
      } catch (error) {
        this.noteProblem('microphone', error);
      }
    }
    this.drawHint();
    this.drawButtons();
  }

  private noteProblem(device: 'camera' | 'microphone', error: unknown): void {
    const problem = explainDevice(device, error);
    if (problem !== undefined) {
      this.problems[device] = problem;
    }
  }

  private drawHint(): void {
    const { camera, microphone } = this.problems;
    const blocked = camera?.title.endsWith('blocked') === true && microphone?.title.endsWith('blocked') === true;
    const problem = blocked ? explainBothBlocked : (camera ?? microphone);
    this.hint.replaceChildren(
      ...(problem === undefined ? [] : [h('strong', {}, problem.title), h('span', {}, problem.text)]),
    );
    show(this.hint, problem !== undefined);
  }

  private drawAvatar(): void {
    this.avatar.textContent = initials(this.nameInput.value);
    this.avatar.style.setProperty('--hue', String(hueOf(this.nameInput.value)));
  }

  private drawButtons(): void {
    const draw = (button: HTMLButtonElement, on: boolean, device: string, onIcon: SVGElement) => {
      button.replaceChildren(onIcon);
      button.setAttribute('aria-pressed', String(on));
      button.setAttribute('aria-label', `Turn ${device} ${on ? 'off' : 'on'}`);
      button.title = `Turn ${device} ${on ? 'off' : 'on'}`;
      button.classList.toggle('off', !on);
    };
    const [camera, microphone] = [this.camera !== undefined, this.microphone !== undefined];
    draw(this.cameraButton, camera, 'camera', icon(camera ? 'camera' : 'cameraOff'));
    draw(this.micButton, microphone, 'microphone', icon(microphone ? 'mic' : 'micOff'));
    show(this.preview, camera);
    show(this.avatar, !camera);
    show(this.meterPill, microphone);
  }
}

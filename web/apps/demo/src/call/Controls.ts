import { h } from '../ui/dom.js';
import { icon, type IconName } from '../ui/icons.js';

export type Action = 'mic' | 'camera' | 'screen' | 'copy' | 'settings' | 'leave';

export interface ControlState {
  mic: boolean;
  camera: boolean;
  screen: boolean;
  /** Why a button cannot be used now; absent when it can. */
  disabled?: Partial<Record<Action, string>>;
}

const keys: Record<string, Action> = { m: 'mic', v: 'camera', s: 'screen', c: 'copy' };

/** The bar of buttons, and the same by keyboard. */
export class Controls {
  readonly element: HTMLElement;
  private readonly buttons: Record<Action, HTMLButtonElement>;

  constructor(private readonly onAction: (action: Action) => void) {
    const button = (action: Action, className = '') =>
      h('button', {
        class: `control ${className}`, type: 'button', 'data-testid': `control-${action}`,
        onclick: () => this.press(action),
      });
    this.buttons = {
      mic: button('mic'),
      camera: button('camera'),
      screen: button('screen'),
      copy: button('copy'),
      settings: button('settings'),
      leave: button('leave', 'danger'),
    };
    this.element = h('div', { class: 'controls', role: 'toolbar', 'aria-label': 'Call controls' }, ...Object.values(this.buttons));
    this.draw('copy', 'link', 'Copy link', 'Copy the link to this room (C)');
    this.draw('settings', 'settings', 'Devices', 'Choose camera and microphone');
    this.draw('leave', 'leave', 'Leave', 'Leave the room');
    document.addEventListener('keydown', this.onKey);
  }

  update(state: ControlState): void {
    this.draw('mic', state.mic ? 'mic' : 'micOff', state.mic ? 'Mute' : 'Unmute', `${state.mic ? 'Mute' : 'Unmute'} (M)`);
    const camera = `${state.camera ? 'Stop' : 'Start'} video`;
    this.draw('camera', state.camera ? 'camera' : 'cameraOff', camera, `${camera} (V)`);
    const screen = state.screen ? 'Stop sharing' : 'Share screen';
    this.draw('screen', 'screen', state.screen ? 'Stop share' : 'Share', `${screen} (S)`);
    for (const action of ['mic', 'camera', 'screen'] as const) {
      const reason = state.disabled?.[action];
      const button = this.buttons[action];
      button.disabled = reason !== undefined;
      button.setAttribute('aria-pressed', String(state[action]));
      button.classList.toggle('off', action !== 'screen' && !state[action]);
      button.classList.toggle('active', action === 'screen' && state.screen);
      if (reason !== undefined) {
        button.title = reason;
      }
    }
  }

  dispose(): void {
    document.removeEventListener('keydown', this.onKey);
    this.element.remove();
  }

  private press(action: Action): void {
    if (!this.buttons[action].disabled) {
      this.onAction(action);
    }
  }

  private draw(action: Action, symbol: IconName, label: string, title: string): void {
    const button = this.buttons[action];
    button.replaceChildren(icon(symbol), h('span', { class: 'control-label' }, label));
    button.title = title;
    button.setAttribute('aria-label', title.replace(/ \(.\)$/, ''));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const typing = /^(input|select|textarea)$/i.test(target.tagName) || target.isContentEditable;
    const action = keys[event.key.toLowerCase()];
    if (action === undefined || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    this.press(action);
  };
}

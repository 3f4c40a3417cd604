import { Room } from '@rtcplatform/client';
import { h } from '../ui/dom.js';

/** A labelled list of the cameras or microphones of this machine. */
export class DevicePicker {
  readonly element: HTMLElement;
  private readonly select: HTMLSelectElement;

  constructor(
    private readonly kind: 'videoinput' | 'audioinput',
    label: string,
    onChosen: (deviceId: string) => void,
  ) {
    const id = `pick-${kind}-${Math.round(performance.now() * 1000)}`;
    const testId = kind === 'videoinput' ? 'camera-select' : 'mic-select';
    this.select = h('select', { id, 'data-testid': testId, onchange: () => onChosen(this.select.value) });
    this.element = h('div', { class: 'field' }, h('label', { for: id }, label), this.select);
  }

  get deviceId(): string | undefined {
    return this.select.value === '' ? undefined : this.select.value;
  }

  /** Reads the list again; names are known once the person has allowed one device. */
  async refresh(currentId?: string): Promise<void> {
    const before = currentId ?? this.select.value;
    let devices: MediaDeviceInfo[] = [];
    try {
      devices = await Room.getLocalDevices(this.kind, false);
    } catch {
      // Without devices (or outside of https) the list says so below.
    }
    const fallback = this.kind === 'videoinput' ? 'Camera' : 'Microphone';
    const named = devices.filter((device) => device.deviceId !== '');
    const options = named.map((device, index) =>
      h('option', { value: device.deviceId, selected: device.deviceId === before }, device.label || `${fallback} ${index + 1}`),
    );
    const none = devices.length === 0 ? `No ${fallback.toLowerCase()} found` : `Default ${fallback.toLowerCase()}`;
    this.select.replaceChildren(...(options.length > 0 ? options : [h('option', { value: '' }, none)]));
    this.select.disabled = options.length === 0;
  }
}

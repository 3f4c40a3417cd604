import type { Room } from '@rtcplatform/client';
import { DevicePicker } from '../entry/DevicePicker.js';
import { explainDevice } from '../errors/explain.js';
import { h } from '../ui/dom.js';
import { toast } from '../ui/toasts.js';

/** Another camera or microphone during a call. */
export function openDeviceDialog(room: Room): void {
  const choose = (kind: 'videoinput' | 'audioinput', deviceId: string) => {
    room.switchActiveDevice(kind, deviceId).catch((error: unknown) => {
      const problem = explainDevice(kind === 'videoinput' ? 'camera' : 'microphone', error);
      toast(`${problem?.title ?? 'That device did not start'}. ${problem?.text ?? ''}`, 'error');
    });
  };
  const cameras = new DevicePicker('videoinput', 'Camera', (id) => choose('videoinput', id));
  const microphones = new DevicePicker('audioinput', 'Microphone', (id) => choose('audioinput', id));
  const dialog = h(
    'dialog',
    { class: 'dialog', 'data-testid': 'device-dialog', 'aria-label': 'Devices', onclose: () => dialog.remove() },
    h('h2', {}, 'Devices'),
    cameras.element,
    microphones.element,
    h('p', { class: 'shortcuts' }, h('kbd', {}, 'M'), ' mute  ', h('kbd', {}, 'V'), ' video  ', h('kbd', {}, 'S'), ' share  ', h('kbd', {}, 'C'), ' copy link'),
    h('form', { method: 'dialog' }, h('button', { class: 'primary' }, 'Done')),
  );
  document.body.append(dialog);
  const current = (source: 'camera' | 'microphone') =>
    room.localParticipant.getTrackPublication(source)?.track.mediaStreamTrack.getSettings().deviceId;
  void cameras.refresh(current('camera'));
  void microphones.refresh(current('microphone'));
  dialog.showModal();
}

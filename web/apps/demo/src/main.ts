import { Room, RoomEvent, type ConnectionError } from '@rtcplatform/client';
import { fetchTicket } from './api/token.js';
import { CallView } from './call/CallView.js';
import { rememberedName, rememberName, takeIdentity } from './entry/identity.js';
import { inventRoom, readIntent, type Intent } from './entry/intent.js';
import { PreJoin, type Entry } from './entry/PreJoin.js';
import { explainConnection, explainDevice, explainEnd, type Explanation } from './errors/explain.js';
import { h } from './ui/dom.js';
import { icon } from './ui/icons.js';
import { toast } from './ui/toasts.js';

const app = document.getElementById('app') as HTMLElement;

function start(intent: Intent): void {
  if (intent.autojoin) {
    const entry: Entry = { name: intent.name, room: intent.room, camera: undefined, microphone: undefined };
    app.replaceChildren(h('div', { class: 'center', 'data-testid': 'joining' }, h('span', { class: 'spinner' }), `Joining ${intent.room}…`));
    enter(entry, intent, true).catch((error: unknown) => openEntry({ ...intent, autojoin: false }, explainConnection(error)));
  } else {
    openEntry(intent);
  }
}

function openEntry(intent: Intent, problem?: Explanation): void {
  const page = new PreJoin({ ...intent, room: intent.room || inventRoom(Math.random) }, async (entry) => {
    try {
      await enter(entry, intent, false);
      page.close(true);
    } catch (error) {
      page.showProblem(explainConnection(error));
    }
  });
  app.replaceChildren(page.element);
  document.title = 'RtcPlatform';
  if (problem !== undefined) {
    page.showProblem(problem);
  }
  void page.open();
}

/** Joins, then shows the call, then publishes: nobody waits for a camera to see the others. */
async function enter(entry: Entry, intent: Intent, openDevices: boolean): Promise<void> {
  rememberName(entry.name);
  const ticket = await fetchTicket(entry.room, intent.identity ?? takeIdentity(entry.name), entry.name);
  const room = new Room({ publishDefaults: intent.codec === undefined ? {} : { videoCodec: intent.codec } });
  const link = new URL(location.pathname, location.origin);
  link.searchParams.set('room', entry.room);
  const view = { current: undefined as CallView | undefined };
  room.once(RoomEvent.Connected, () => {
    view.current = new CallView(room, link.href, () => void room.disconnect());
    app.replaceChildren(view.current.element);
    document.title = `${entry.room} · RtcPlatform`;
    history.replaceState(null, '', location.search === '' ? link.href : location.href);
  });
  room.once(RoomEvent.Disconnected, (reason, error) => {
    view.current?.dispose();
    openEnd(explainEnd(reason, error), { ...intent, name: entry.name, room: entry.room }, reason === 'client_left', error);
  });
  await room.connect(ticket.url, ticket.token);
  await publish(room, entry, intent, openDevices);
}

async function publish(room: Room, entry: Entry, intent: Intent, openDevices: boolean): Promise<void> {
  const local = room.localParticipant;
  if (local.permissions?.canPublish === false) {
    entry.camera?.stop();
    entry.microphone?.stop();
    toast('You are here to watch: this invitation does not allow camera or microphone.');
    return;
  }
  const report = (device: 'camera' | 'microphone') => (error: unknown) => {
    const problem = explainDevice(device, error);
    if (problem !== undefined) {
      toast(`${problem.title}. ${problem.text}`, 'error');
    }
  };
  const camera = openDevices && intent.camera ? () => local.setCameraEnabled(true) : undefined;
  const microphone = openDevices && intent.microphone ? () => local.setMicrophoneEnabled(true) : undefined;
  const { camera: cameraTrack, microphone: microphoneTrack } = entry;
  await Promise.all([
    (cameraTrack === undefined ? camera?.() : local.publishTrack(cameraTrack))?.catch(report('camera')),
    (microphoneTrack === undefined ? microphone?.() : local.publishTrack(microphoneTrack))?.catch(report('microphone')),
  ]);
}

function openEnd(ending: Explanation, intent: Intent, wanted: boolean, error: ConnectionError | undefined): void {
  document.title = 'RtcPlatform';
  const again = { ...intent, autojoin: false };
  const details = error === undefined ? undefined : h('p', { class: 'details' }, `${error.code}: ${error.message}`);
  app.replaceChildren(
    h(
      'div',
      { class: 'center' },
      h(
        'section',
        { class: 'end-card', 'data-testid': 'end-card' },
        icon(wanted ? 'check' : 'alert'),
        h('h1', {}, ending.title),
        h('p', {}, ending.text),
        details,
        h('button', { class: 'primary', 'data-testid': 'rejoin-button', onclick: () => openEntry(again) }, `Back to ${intent.room}`),
        h('button', { class: 'quiet', onclick: () => openEntry({ ...again, room: '' }) }, 'Another room'),
      ),
    ),
  );
}

start(readIntent(location.search, rememberedName()));

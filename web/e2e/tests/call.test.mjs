// Two Chromium pages and a Firefox page in one room, over loopback, through the SDK: the main job of the platform.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Platform } from '../harness/platform.mjs';
import { launchChromium, launchFirefox } from '../harness/browsers.mjs';
import { Customer, eventually, serveCustomerPage } from '../harness/customer.mjs';

let platform, site, chromium, firefox, alice, bob, carol;
const room = 'standup';

before(async () => {
  platform = await Platform.start();
  site = await serveCustomerPage();
  chromium = await launchChromium();
  firefox = await launchFirefox();
}, { timeout: 120_000 });

after(async () => {
  await Promise.allSettled([chromium?.close(), firefox?.close()]);
  site?.close();
  await platform?.stop();
});

/** How long after `since` (ms, this machine's clock, which the pages share) the page noted the event. */
async function noted(customer, event, identity, since) {
  const { value } = await eventually(`${customer.identity} is told ${event} of ${identity}`, async () =>
    (await customer.events()).find((e) => e.event === event && e.identity === identity && e.at >= since),
  );
  return value.at - since;
}

function report(t, what, latencies) {
  t.diagnostic(`${what}: ${latencies.map((ms) => `${ms} ms`).join(', ')}`);
}

test('three people in two browser engines see and hear each other', async (t) => {
  alice = await Customer.open(chromium, site.url, platform, 'alice');
  bob = await Customer.open(chromium, site.url, platform, 'bob');
  carol = await Customer.open(firefox, site.url, platform, 'carol');
  for (const person of [alice, bob, carol]) {
    const ms = await person.join(platform.url, platform.token(room, person.identity));
    t.diagnostic(`connect() of ${person.identity}: ${Math.round(ms)} ms`);
  }

  await alice.sees(['bob', 'carol']);
  await bob.sees(['alice', 'carol']);
  await carol.sees(['alice', 'bob']);
  assert.deepEqual(platform.rooms().map((r) => [r.name, r.participantCount]), [[room, 3]]);
});

test('mute and unmute of camera and microphone are seen by the others', async (t) => {
  for (const [device, kind] of [['microphone', 'audio'], ['camera', 'video']]) {
    const muted = Date.now();
    await alice.call(device, false);
    report(t, `${device} muted`, [await noted(bob, 'TrackMuted', 'alice', muted), await noted(carol, 'TrackMuted', 'alice', muted)]);
    const { alice: silent } = (await bob.call('describe')).participants.reduce((all, p) => ({ ...all, [p.identity]: p }), {});
    assert.equal(silent.tracks.find((track) => track.kind === kind).muted, true);
    const unmuted = Date.now();
    await alice.call(device, true);
    report(t, `${device} unmuted`, [await noted(bob, 'TrackUnmuted', 'alice', unmuted), await noted(carol, 'TrackUnmuted', 'alice', unmuted)]);
  }

  await bob.sees(['alice']);
  await carol.sees(['alice']);
});

test('leave is seen by the others', async (t) => {
  const left = Date.now();
  await alice.call('leave');
  report(t, 'left', [await noted(bob, 'ParticipantDisconnected', 'alice', left), await noted(carol, 'ParticipantDisconnected', 'alice', left)]);
  assert.deepEqual(Object.keys(await bob.received()), ['carol']);
});

test('a late joiner sees everybody, and everybody the late joiner', async (t) => {
  const joined = Date.now();
  await alice.join(platform.url, platform.token(room, 'alice'));
  report(t, 'joined', [await noted(bob, 'ParticipantConnected', 'alice', joined), await noted(carol, 'ParticipantConnected', 'alice', joined)]);
  await alice.sees(['bob', 'carol']);
  await bob.sees(['alice']);
  await carol.sees(['alice']);
});

test('a page reload is seen at once, and the page is back in the call', async (t) => {
  const reloaded = Date.now();
  await bob.load();
  report(t, 'gone', [await noted(alice, 'ParticipantDisconnected', 'bob', reloaded)]);
  const back = Date.now();
  await bob.join(platform.url, platform.token(room, 'bob'));
  report(t, 'back', [await noted(alice, 'ParticipantConnected', 'bob', back)]);
  await alice.sees(['bob']);
  await carol.sees(['bob']);
  await bob.sees(['alice', 'carol']);
});

test('a second page with the same identity takes the place of the first', async () => {
  const second = await Customer.open(chromium, site.url, platform, 'bob');
  await second.join(platform.url, platform.token(room, 'bob'));
  await eventually('the first page is disconnected', async () => (await bob.call('describe')).state === 'disconnected');
  await second.sees(['alice']);
  await alice.sees(['bob']);
  assert.equal(platform.rooms()[0].participantCount, 3);
  await second.call('leave');
  await second.page.close();
});

test('nothing went wrong in any page', () => {
  for (const person of [alice, bob, carol]) {
    assert.deepEqual(person.errors, [], person.identity);
  }
});

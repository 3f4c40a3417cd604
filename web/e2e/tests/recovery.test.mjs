// Processes are killed, never asked; the call goes on without a page reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Platform } from '../harness/platform.mjs';
import { launchChromium, launchFirefox } from '../harness/browsers.mjs';
import { Customer, eventually, serveCustomerPage } from '../harness/customer.mjs';

let platform, site, chromium, firefox, alice, bob, carol;

before(async () => {
  platform = await Platform.start();
  site = await serveCustomerPage();
  chromium = await launchChromium();
  firefox = await launchFirefox();
  alice = await Customer.open(chromium, site.url, platform, 'alice');
  bob = await Customer.open(chromium, site.url, platform, 'bob');
  carol = await Customer.open(firefox, site.url, platform, 'carol');
  for (const person of [alice, bob, carol]) {
    await person.join(platform.url, platform.token('resilience', person.identity));
  }
  await alice.sees(['bob', 'carol']);
  await carol.sees(['alice', 'bob']);
}, { timeout: 180_000 });

after(async () => {
  await Promise.allSettled([chromium?.close(), firefox?.close()]);
  site?.close();
  await platform?.stop();
});

const noted = (customer, event, since) =>
  eventually(`${customer.identity} is told ${event}`, async () =>
    (await customer.events()).find((e) => e.event === event && e.at >= since), { timeout: 60_000 });

test('kill -9 of the media node: Reconnecting, a new node, media again, no reload', async (t) => {
  const killed = Date.now();
  const former = platform.pid('node');
  platform.kill('node');
  for (const person of [alice, bob, carol]) {
    const { value } = await noted(person, 'Reconnecting', killed);
    t.diagnostic(`${person.identity} was told Reconnecting after ${value.at - killed} ms`);
  }
  for (const person of [alice, bob, carol]) {
    const { value } = await noted(person, 'Reconnected', killed);
    t.diagnostic(`${person.identity} was Reconnected after ${value.at - killed} ms`);
  }
  assert.notEqual(platform.pid('node'), former);
  await alice.sees(['bob', 'carol'], { timeout: 40_000 });
  await bob.sees(['alice', 'carol'], { timeout: 40_000 });
  await carol.sees(['alice', 'bob'], { timeout: 40_000 });
});

test('kill -9 of the server: media keeps flowing, then signaling is back', async (t) => {
  const former = platform.pid('server');
  const killed = Date.now();
  platform.kill('server');
  await alice.sees(['bob', 'carol'], { timeout: 15_000 });
  await carol.sees(['alice', 'bob'], { timeout: 15_000 });
  await eventually('the server is back', () => platform.ready(), { timeout: 60_000 });
  t.diagnostic(`ready again after ${Date.now() - killed} ms`);
  assert.notEqual(platform.pid('server'), former);

  await eventually('everybody is in the room again', async () => platform.rooms()[0]?.participantCount === 3, { timeout: 60_000, every: 500 });
  // Signaling works in every page: a mute by each reaches the others.
  for (const [person, others] of [[alice, [bob, carol]], [bob, [alice, carol]], [carol, [alice, bob]]]) {
    const since = Date.now();
    await eventually(`${person.identity} can mute`, () => person.call('microphone', false).then(() => true, () => false), { timeout: 60_000, every: 500 });
    for (const other of others) {
      await eventually(`${other.identity} sees ${person.identity} muted`, async () =>
        (await other.call('describe')).participants.find((p) => p.identity === person.identity)?.tracks.some((track) => track.kind === 'audio' && track.muted),
      );
    }
    await person.call('microphone', true);
    t.diagnostic(`${person.identity} muted and was seen ${Date.now() - since} ms later`);
  }
  await alice.sees(['bob', 'carol']);
  await bob.sees(['alice', 'carol']);
  await carol.sees(['alice', 'bob']);
});

test('a newcomer after all that finds everybody', async () => {
  const dave = await Customer.open(chromium, site.url, platform, 'dave');
  await dave.join(platform.url, platform.token('resilience', 'dave'));
  await dave.sees(['alice', 'bob', 'carol']);
  await alice.sees(['dave']);
  assert.deepEqual(dave.errors, []);
});

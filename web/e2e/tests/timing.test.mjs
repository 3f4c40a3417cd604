// Time from connect() to the first decoded frame of somebody else: printed, never asserted.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Platform } from '../harness/platform.mjs';
import { launchChromium } from '../harness/browsers.mjs';
import { Customer, eventually, serveCustomerPage } from '../harness/customer.mjs';

let platform, site, chromium, publisher;

before(async () => {
  platform = await Platform.start();
  site = await serveCustomerPage();
  chromium = await launchChromium();
  publisher = await Customer.open(chromium, site.url, platform, 'publisher');
  await publisher.join(platform.url, platform.token('timing', 'publisher'));
}, { timeout: 120_000 });

after(async () => {
  await chromium?.close();
  site?.close();
  await platform?.stop();
});

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

test('twenty joins reach their first decoded frame', async (t) => {
  const connects = [];
  const frames = [];
  const viewer = await Customer.open(chromium, site.url, platform, 'viewer');
  for (let i = 0; i < 20; i++) {
    await viewer.load();
    const token = platform.token('timing', `viewer${i}`);
    const started = await viewer.call('mark');
    connects.push(await viewer.join(platform.url, token, { publish: false }));
    const { value } = await eventually('a first frame', async () => (await viewer.events()).find((e) => e.event === 'FirstFrame'), { every: 20 });
    frames.push(value.at - started);
    await viewer.call('leave');
  }
  assert.equal(frames.length, 20);
  t.diagnostic(`connect(): median ${median(connects).toFixed(0)} ms of 20`);
  t.diagnostic(`connect() to first decoded remote frame: median ${median(frames)} ms of 20 (${Math.min(...frames)} to ${Math.max(...frames)} ms)`);
});

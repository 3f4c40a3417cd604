// WHIP (RFC 9725) with clients that nobody here wrote: each publishes into a room by what it knows, is seen and heard in
// Chromium through our SDK, ends its session, and is gone from the room. Media is on every address of the machine, as
// `rtc up` has it by default: libnice (GStreamer, simple-whip-client) does not reach loopback.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../harness/customer.mjs';
import { EyevinnPage } from '../harness/eyevinn.mjs';
import { ForeignClient } from '../harness/foreign.mjs';
import { Stage, room } from '../harness/stage.mjs';

const stage = new Stage();

before(() => stage.open({ publish: false }), { timeout: 120_000 });
after(() => stage.close());

const endpoint = () => `${stage.platform.url}/whip/${room}`;
const withoutGrant = (identity) => stage.tokenWithout(identity, { canPublish: false });

/** Frames of the client's size and a sound, by the statistics of Chromium. */
async function isSeenAndHeard(t, client, identity, codec) {
  try {
    const { value, ms } = await stage.alice.sees([identity], { width: 320, height: 240 });
    t.diagnostic(`${JSON.stringify(value[identity])} after ${Math.round(ms)} ms`);
    assert.equal(value[identity].codec, `video/${codec}`);
  } catch (error) {
    throw new Error(`${error.message}\n${await client.describe()}`);
  }
}

const clients = { aiortc: 'VP8', gstreamer: 'VP8', libdatachannel: 'H264', 'simple-whip-client': 'VP8', werift: 'VP8' };
for (const [name, codec] of Object.entries(clients)) {
  test(`${name} publishes ${codec} and Opus, is seen and heard, and leaves by DELETE`, { timeout: 90_000 }, async (t) => {
    const client = new ForeignClient(name, 'publish', endpoint(), stage.token(name));
    t.after(() => client.kill());
    await isSeenAndHeard(t, client, name, codec);
    const { ok, error } = await client.stop();
    assert.ok(ok, error);
    assert.deepEqual(client.faults(), []);
    await stage.isGone(name);
  });

  test(`${name} is refused with a token that may not publish`, { timeout: 60_000 }, async (t) => {
    const client = new ForeignClient(name, 'publish', endpoint(), withoutGrant(`deaf ${name}`));
    t.after(() => client.kill());
    const { ok, error } = await client.end();
    assert.equal(ok, false);
    const said = error.split('\n').find((line) => line.includes('403')) ?? error;
    t.diagnostic(said);
    // simple-whip-client says the status alone.
    assert.match(said, name === 'simple-whip-client' ? /403/ : /403.*The token does not allow this\./);
  });
}

for (const engine of ['Chromium', 'Firefox']) {
  test(`@eyevinn/whip-web-client in ${engine} publishes, is seen and heard, and leaves by DELETE`, { timeout: 90_000 }, async (t) => {
    const identity = `eyevinn in ${engine}`;
    const page = await EyevinnPage.open(stage.browsers[engine], stage.eyevinn.url);
    await page.publish(endpoint(), stage.token(identity));
    await isSeenAndHeard(t, page, identity, 'VP8');
    await page.unpublish();
    await stage.isGone(identity);
    assert.deepEqual(page.errors, []);
  });
}

test('@eyevinn/whip-web-client is refused with a token that may not publish', { timeout: 60_000 }, async (t) => {
  const page = await EyevinnPage.open(stage.browsers.Chromium, stage.eyevinn.url);
  await page.publish(endpoint(), withoutGrant('deaf eyevinn'));
  const { value } = await eventually('the refusal is said', () => page.errors.find((line) => /WHIPClient.*403/.test(line)));
  t.diagnostic(value);
  assert.match(value, /The token does not allow this\./);
});

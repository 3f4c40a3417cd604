// WHEP (draft-ietf-wish-whep-03) with clients that nobody here wrote: each watches a participant, counts what arrives, ends
// its session, and is gone from the room. Media is on every address of the machine, as `rtc up` has it by default: libnice
// (GStreamer) does not reach loopback.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../harness/customer.mjs';
import { EyevinnPage } from '../harness/eyevinn.mjs';
import { ForeignClient } from '../harness/foreign.mjs';
import { Stage, room } from '../harness/stage.mjs';

const stage = new Stage();

before(() => stage.open(), { timeout: 120_000 });
after(() => stage.close());

const endpoint = (identity = 'alice') => `${stage.platform.url}/whep/${room}/${identity}`;
const withoutGrant = (identity) => stage.tokenWithout(identity, { canSubscribe: false });

for (const name of ['aiortc', 'gstreamer', 'libdatachannel', 'werift']) {
  test(`${name} watches what Chromium publishes by our SDK, and leaves by DELETE`, { timeout: 90_000 }, async (t) => {
    const viewer = new ForeignClient(name, 'play', endpoint(), stage.token(name));
    t.after(() => viewer.kill());
    const { audio, video } = await viewer.receives();
    t.diagnostic(`audio ${JSON.stringify(audio)}, video ${JSON.stringify(video)}`);
    // The two that decode say what they saw and heard.
    if (['aiortc', 'gstreamer'].includes(name)) {
      assert.deepEqual([video.width * 3, audio.energy > 0], [video.height * 4, true]);
    }
    const { ok, error } = await viewer.stop();
    assert.ok(ok, error);
    await stage.isGone(name);
  });

  test(`${name} is refused with a token that may not subscribe`, { timeout: 60_000 }, async (t) => {
    const viewer = new ForeignClient(name, 'play', endpoint(), withoutGrant(`blind ${name}`));
    t.after(() => viewer.kill());
    const { ok, error } = await viewer.end();
    assert.equal(ok, false);
    assert.match(error, /403.*The token does not allow this\./);
  });
}

for (const [publisher, viewer, codec] of [['aiortc', 'gstreamer', 'VP8'], ['gstreamer', 'aiortc', 'VP8'], ['libdatachannel', 'werift', 'H264']]) {
  test(`${viewer} watches by WHEP what ${publisher} publishes as ${codec} by WHIP`, { timeout: 90_000 }, async (t) => {
    const from = new ForeignClient(publisher, 'publish', `${stage.platform.url}/whip/${room}`, stage.token(publisher));
    t.after(() => from.kill());
    await eventually(`${publisher} publishes`, () => from.last('answer')?.status === 201).catch((error) => {
      throw new Error(`${error.message}\n${from.describe()}`);
    });
    const to = new ForeignClient(viewer, 'play', endpoint(publisher), stage.token(`${viewer} beside ${publisher}`));
    t.after(() => to.kill());
    const { audio, video } = await to.receives();
    t.diagnostic(`audio ${JSON.stringify(audio)}, video ${JSON.stringify(video)}`);
    for (const { ok, error } of [await to.stop(), await from.stop()]) assert.ok(ok, error);
    await stage.isGone(publisher);
  });
}

for (const engine of ['Chromium', 'Firefox']) {
  test(`@eyevinn/webrtc-player in ${engine} plays, and leaves by DELETE`, { timeout: 90_000 }, async (t) => {
    const identity = `eyevinn in ${engine}`;
    const page = await EyevinnPage.open(stage.browsers[engine], stage.eyevinn.url);
    await page.play(endpoint(), stage.token(identity));
    const { value } = await eventually('frames and packets arrive', async () => {
      const seen = await page.received();
      return seen.framesDecoded > 15 && seen.audioPackets > 30 && seen.width > 0 ? seen : undefined;
    }).catch((error) => {
      throw new Error(`${error.message}\n${page.describe()}`);
    });
    t.diagnostic(JSON.stringify(value));
    if (process.env.SCREENSHOTS) await page.page.screenshot({ path: `${process.env.SCREENSHOTS}/webrtc-player-${engine}.png` });
    await page.stop();
    await stage.isGone(identity);
    assert.deepEqual(page.errors, []);
  });
}

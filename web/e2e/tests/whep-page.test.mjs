// WHEP and its extensions in pages without a library: simulcast over WHIP and a viewer that chooses among its layers, and a
// player whose offer cannot carry what is published.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../harness/customer.mjs';
import { PlainPage, servePlainPage } from '../harness/plain.mjs';
import { Stage, room } from '../harness/stage.mjs';

const stage = new Stage();
let site;

before(async () => {
  site = await servePlainPage();
  await stage.open({ publish: false });
}, { timeout: 120_000 });
after(() => {
  site?.close();
  return stage.close();
});

const openPage = (engine) => PlainPage.open(stage.browsers[engine], site.url);
const receives = (page, what, holds) => eventually(what, async () => {
  const seen = await page.call('received');
  return holds(seen) ? seen : undefined;
}, { timeout: 30_000 }).catch(async (error) => {
  throw new Error(`${error.message}\n${JSON.stringify(await page.call('received'))} ${JSON.stringify(await page.call('events'))}`);
});

test('a viewer chooses among the simulcast layers that Chromium publishes by WHIP', { timeout: 180_000 }, async (t) => {
  const camera = await openPage('Chromium');
  t.after(() => camera.close());
  await camera.call('publish', `${stage.platform.url}/whip/${room}`, stage.token('camera'), ['q', 'h', 'f']);

  const viewer = await openPage('Chromium');
  t.after(() => viewer.close());
  await viewer.call('play', `${stage.platform.url}/whep/${room}/camera`, stage.token('viewer'));
  await viewer.call('listen', ['active', 'layers']);
  const line = String((await viewer.call('kinds')).indexOf('video'));
  const told = async (what, holds) => (await eventually(what, async () => {
    const last = (await viewer.call('events')).filter((event) => event.type === 'layers').at(-1)?.data[line];
    return last && holds(last) ? last : undefined;
  }, { timeout: 60_000 })).value;

  // Chromium begins with the lower ones and adds the others as it finds bandwidth.
  const all = await told('all layers are active', (layers) => layers.length === 3 && layers.every((layer) => layer.bitrate > 0));
  t.diagnostic(JSON.stringify(all));
  assert.deepEqual(all.map((layer) => layer.rid), ['f', 'h', 'q']);

  await receives(viewer, 'the highest layer without a choice', (seen) => seen.width === 1280);
  for (const [selection, width, height] of [
    [{ mediaId: line, rid: 'q' }, 320, 180],
    [{ rid: 'f' }, 1280, 720],
    [{ mediaId: line, encodingId: 'h' }, 640, 360],
    [{}, 1280, 720],
  ]) {
    const asked = performance.now();
    assert.equal((await viewer.call('choose', selection)).status, 200);
    const { value } = await receives(viewer, `${width}x${height} after ${JSON.stringify(selection)}`, (seen) => seen.width === width);
    assert.equal(value.height, height);
    t.diagnostic(`${JSON.stringify(selection)}: ${value.width}x${value.height} after ${Math.round(performance.now() - asked)} ms`);
  }

  const refused = await viewer.call('choose', { mediaId: line, rid: 'nonesuch' });
  assert.deepEqual([refused.status, refused.code], [422, 'unknown_layer']);

  await camera.call('setActive', 'f', false);
  const fewer = await told('the highest layer is inactive', (layers) => layers.some((layer) => !layer.bitrate));
  assert.deepEqual(fewer.map((layer) => [layer.rid, layer.bitrate > 0]), [['f', false], ['h', true], ['q', true]]);
  await receives(viewer, 'the next layer takes over', (seen) => seen.width === 640);

  assert.equal(await viewer.call('stop'), 200);
  assert.equal(await camera.call('stop'), 200);
  await stage.isGone('camera');
  assert.deepEqual([...viewer.errors, ...camera.errors], []);
});

for (const engine of ['Chromium', 'Firefox']) {
  test(`${engine} answers a counter-offer and sees and hears`, { timeout: 90_000 }, async (t) => {
    const camera = await openPage('Chromium');
    t.after(() => camera.close());
    await camera.call('publish', `${stage.platform.url}/whip/${room}`, stage.token(`camera for ${engine}`), ['h', 'f']);
    const viewer = await openPage(engine);
    t.after(() => viewer.close());
    const played = await viewer.call(
      'play', `${stage.platform.url}/whep/${room}/${encodeURIComponent(`camera for ${engine}`)}`, stage.token(`viewer in ${engine}`), ['VP8']);

    assert.deepEqual([played.statuses, played.offered], [[406, 204], 'offer']);
    assert.match(played.type, /^application\/sdp; valid-until="\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"$/);
    const { value } = await receives(viewer, 'frames and packets arrive', (seen) => seen.frames > 15 && seen.audioPackets > 30);
    t.diagnostic(JSON.stringify(value));
    assert.equal(value.codec, 'video/VP8');
    assert.equal(await viewer.call('stop'), 200);
    await stage.isGone(`viewer in ${engine}`);
    assert.equal(await camera.call('stop'), 200);
    assert.deepEqual([...viewer.errors, ...camera.errors], []);
  });
}

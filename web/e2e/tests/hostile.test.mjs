// Ten thousand mutated datagrams into the media port while people talk: every one is counted, the call goes on.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { after, before, test } from 'node:test';
import { Platform } from '../harness/platform.mjs';
import { launchChromium } from '../harness/browsers.mjs';
import { Customer, eventually, serveCustomerPage } from '../harness/customer.mjs';

let platform, site, chromium, alice, bob;

before(async () => {
  platform = await Platform.start();
  site = await serveCustomerPage();
  chromium = await launchChromium();
  alice = await Customer.open(chromium, site.url, platform, 'alice');
  bob = await Customer.open(chromium, site.url, platform, 'bob');
  await alice.join(platform.url, platform.token('hostile', 'alice'));
  await bob.join(platform.url, platform.token('hostile', 'bob'));
  await alice.sees(['bob']);
}, { timeout: 120_000 });

after(async () => {
  await chromium?.close();
  site?.close();
  await platform?.stop();
});

/** A small generator with a seed (xorshift32), so that a failure can be repeated. */
function random(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const samples = {
  stun: Buffer.from('000100502112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf', 'hex'),
  rtp: Buffer.from('9060a1b2000102031234567812345678bede0001100400005061796c6f6164206f66206120766964656f2070616b6574', 'hex'),
  rtcp: Buffer.from('81c8000c12345678e3a4b1c2d3e4f5060708090a0000000100000064aabbccdd00000000000000010000000200000003000000048000000140', 'hex'),
  dtls: Buffer.from('16fefd0000000000000000003a0100002e000000000000002efefd5f5e100000000000000000000000000000000000000000000000000000000000000000000002c02b0100', 'hex'),
};

test('10,000 mutated STUN, RTP, RTCP and DTLS datagrams change nothing for those who talk', async (t) => {
  const seed = 20_261_120;
  const next = random(seed);
  const node = platform.pid('node');
  const socket = createSocket('udp4');
  const kinds = Object.values(samples);
  for (let i = 0; i < 10_000; i++) {
    const datagram = Buffer.from(kinds[i % kinds.length]);
    for (let m = next(6); m > 0; m--) datagram[next(datagram.length)] = next(256);
    const length = next(4) === 0 ? 1 + next(datagram.length) : datagram.length;
    await new Promise((done, fail) => socket.send(datagram, 0, length, platform.mediaPort, '127.0.0.1', (e) => (e ? fail(e) : done())));
  }
  socket.close();

  await alice.sees(['bob']);
  await bob.sees(['alice']);
  assert.equal(platform.pid('node'), node, `the media node was restarted (seed ${seed})`);
  assert.doesNotMatch(platform.log('node'), /exception|unhandled/i);

  // The node's last words are its account: every datagram is either handled or refused, and every refusal has a reason.
  await platform.stop({ keepData: true });
  const account = /datagrams (\d+) = (\d+) handled \+ (\d+) refused; .*dropped(.*)/.exec(platform.log('node'));
  assert.ok(account, platform.log('node').slice(-500));
  const [received, handled, refused] = account.slice(1, 4).map(Number);
  t.diagnostic(account[0]);
  assert.equal(received, handled + refused);
  assert.ok(refused >= 9_900 && received > 10_000, `${refused} refused of ${received}`);
  const reasons = Object.fromEntries([...account[4].matchAll(/(\w+) (\d+)/g)].map(([, name, count]) => [name, Number(count)]));
  assert.ok(Object.values(reasons).reduce((a, b) => a + b, 0) >= refused, 'a refusal without a reason');
  assert.ok(Object.keys(reasons).length >= 4, 'too few different reasons');
});

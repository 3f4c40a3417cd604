// What must be refused is refused in words a person understands, and leaves nothing behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { Platform } from '../harness/platform.mjs';
import { launchChromium } from '../harness/browsers.mjs';
import { Customer, eventually, serveCustomerPage } from '../harness/customer.mjs';
import { joinClaims, signToken } from '../harness/tokens.mjs';

let platform, site, chromium, page;

before(async () => {
  platform = await Platform.start();
  site = await serveCustomerPage();
  chromium = await launchChromium();
  page = await Customer.open(chromium, site.url, platform, 'mallory');
}, { timeout: 120_000 });

after(async () => {
  await chromium?.close();
  site?.close();
  await platform?.stop();
});

const now = () => Math.floor(Date.now() / 1000);

const wrongTokens = {
  expired: ['token_expired', (keys) => signToken(keys, joinClaims('room', 'mallory', { exp: now() - 60, nbf: now() - 120 }))],
  'not yet valid': ['invalid_token', (keys) => signToken(keys, joinClaims('room', 'mallory', { nbf: now() + 3600, exp: now() + 7200 }))],
  foreign: ['invalid_token', () => signToken({ apiKey: 'APIforeignKey', apiSecret: 'x'.repeat(43) }, joinClaims('room', 'mallory'))],
  'signed with another secret': ['invalid_token', (keys) => signToken({ ...keys, apiSecret: 'x'.repeat(43) }, joinClaims('room', 'mallory'))],
  'tampered with': ['invalid_token', (keys) => {
    const [header, payload, signature] = signToken(keys, joinClaims('room', 'mallory')).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    claims.sub = 'admin';
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  }],
  'without algorithm': ['invalid_token', (keys) => `${signToken(keys, joinClaims('room', 'mallory'), { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
  'without the right to join': ['permission_denied', (keys) => signToken(keys, joinClaims('room', 'mallory', { video: { room: 'room' } }))],
  garbage: ['invalid_token', () => 'not.a.token'],
};

for (const [name, [code, make]] of Object.entries(wrongTokens)) {
  test(`a token that is ${name} is refused by the SDK's connect()`, async (t) => {
    const refusal = await page.call('refusal', platform.url, make(platform.credentials));
    assert.equal(refusal.code, code, JSON.stringify(refusal));
    assert.ok(refusal.message.length > 10);
    assert.equal(refusal.state, 'disconnected');
    t.diagnostic(refusal.message);
    assert.deepEqual(platform.rooms(), []);
  });
}

test('a token for another room is refused', async (t) => {
  const refusal = await page.call('refusal', platform.url, platform.token('theirs', 'mallory'), { room: 'ours' });
  assert.equal(refusal.code, 'room_mismatch', JSON.stringify(refusal));
  t.diagnostic(refusal.message);
  assert.deepEqual(platform.rooms(), []);
});

test('a server that is not there is a clear error', async (t) => {
  const refusal = await page.call('refusal', 'http://127.0.0.1:9', platform.token('room', 'mallory'));
  assert.ok(refusal.message && !refusal.joined, JSON.stringify(refusal));
  t.diagnostic(`${refusal.code}: ${refusal.message}`);
});

/** A client of the wire without our SDK's manners. */
async function rawConnection() {
  const connection = new HubConnectionBuilder()
    .withUrl(`${platform.url}/signal`, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
    .build();
  await connection.start();
  return connection;
}

const failureOf = (error) => JSON.parse(error.message.slice(error.message.indexOf('{')));
const joinRequest = (token, sdp) => ({
  token,
  room: null,
  autoSubscribe: true,
  offer: sdp === undefined ? null : { id: 1, sdp, publish: {} },
  client: { sdk: 'test', version: '1', userAgent: null },
});

test('a hub call before join is refused', async () => {
  const connection = await rawConnection();
  for (const [method, ...args] of [['GetSnapshot'], ['SetMuted', { trackSid: 'TR_x', muted: true }], ['Offer', { offer: { id: 1, sdp: 'v=0', publish: {} }, newTransport: false }]]) {
    const error = await connection.invoke(method, ...args).then(() => assert.fail('accepted'), (e) => e);
    assert.equal(failureOf(error).code, 'not_joined', error.message);
  }
  await connection.stop();
  assert.deepEqual(platform.rooms(), []);
});

test('a join with garbage as SDP is refused and leaves no room', async (t) => {
  const connection = await rawConnection();
  for (const sdp of ['', 'garbage', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio x\r\n']) {
    const error = await connection.invoke('Join', joinRequest(platform.token('room', 'mallory'), sdp)).then(() => assert.fail('accepted'), (e) => e);
    assert.equal(failureOf(error).code, 'invalid_sdp', error.message);
    t.diagnostic(failureOf(error).message);
  }
  await connection.stop();
  await eventually('no room is left', () => platform.rooms().length === 0);
});

test('a signaling message of 1 MB ends the connection with a reason and leaves nothing', async (t) => {
  const connection = await rawConnection();
  await connection.invoke('Join', joinRequest(platform.token('room', 'mallory')));
  const closed = new Promise((done) => connection.onclose((error) => done(error)));
  const error = await connection
    .invoke('Publish', { kind: 'audio', source: 'microphone', name: 'x'.repeat(1_000_000), muted: false, width: 0, height: 0 })
    .then(() => assert.fail('accepted'), (e) => e);
  t.diagnostic(`${error.message} / ${(await closed)?.message}`);
  assert.match(`${error.message} ${(await closed)?.message}`, /too_large|too large|exceeded|limit/i);
  const fresh = await rawConnection();
  await fresh.invoke('Join', joinRequest(platform.token('room', 'mallory')));
  assert.equal(platform.rooms()[0].participantCount, 1);
  await fresh.invoke('Leave');
  await fresh.stop();
});

test('after all refusals an honest page joins at once', async () => {
  await page.load();
  await page.join(platform.url, platform.token('room', 'mallory'), { publish: false });
  assert.equal((await page.call('describe')).state, 'connected');
  await page.call('leave');
});

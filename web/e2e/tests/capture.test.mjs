// A capture of a call, dissected by somebody else's program: nothing of ours is malformed to it. Of SRTCP only the first
// header is in the clear (tshark 4.0 goes on into the ciphertext, of browsers' packets as of ours, and finds it odd); what
// we write as RTCP is dissected in the clear by RtcPlatform.Wire.Tests.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Platform, temporaryFolder } from '../harness/platform.mjs';
import { launchChromium, launchFirefox } from '../harness/browsers.mjs';
import { Customer, eventually, serveCustomerPage } from '../harness/customer.mjs';

const canCapture = process.getuid() === 0 && spawnSync('dumpcap', ['-v']).status === 0;

test('tshark dissects STUN, DTLS, RTP and RTCP of a call without complaint', { skip: !canCapture && 'needs root and dumpcap', timeout: 180_000 }, async (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'call.pcapng');
  const platform = await Platform.start();
  const site = await serveCustomerPage();
  const chromium = await launchChromium();
  const firefox = await launchFirefox();
  const capture = spawn('dumpcap', ['-q', '-i', 'lo', '-f', `udp port ${platform.mediaPort}`, '-w', file, '-a', 'duration:60'], { stdio: 'ignore' });
  try {
    await eventually('the capture runs', () => {
      try {
        return statSync(file).size > 0;
      } catch {
        return false;
      }
    });
    const alice = await Customer.open(chromium, site.url, platform, 'alice');
    const carol = await Customer.open(firefox, site.url, platform, 'carol');
    await alice.join(platform.url, platform.token('capture', 'alice'));
    await carol.join(platform.url, platform.token('capture', 'carol'));
    await alice.sees(['carol']);
    await carol.sees(['alice']);
  } finally {
    capture.kill('SIGINT');
    await new Promise((done) => capture.once('close', done));
    await Promise.allSettled([chromium.close(), firefox.close()]);
    site.close();
    await platform.stop();
  }

  const tshark = (...args) => execFileSync('tshark', ['-r', file, '--enable-heuristic', 'rtp_udp', ...args], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  const ours = `udp.srcport == ${platform.mediaPort}`;
  const counts = {};
  for (const protocol of ['stun', 'dtls', 'rtp', 'srtcp']) {
    counts[protocol] = tshark('-Y', `${ours} && ${protocol}`).split('\n').filter(Boolean).length;
  }
  t.diagnostic(`sent by us: ${JSON.stringify(counts)}`);
  for (const [protocol, count] of Object.entries(counts)) assert.ok(count > 0, `no ${protocol} in the capture`);
  assert.equal(tshark('-Y', `${ours} && _ws.malformed && !srtcp`), '');
  const firstTypes = tshark('-Y', `${ours} && srtcp`, '-T', 'fields', '-e', 'rtcp.pt', '-E', 'occurrence=f').split('\n').filter(Boolean);
  assert.deepEqual([...new Set(firstTypes)].filter((type) => !['200', '201', '205', '206'].includes(type)), []);
  assert.equal(tshark('-Y', `${ours} && stun && _ws.expert.severity >= 6291456`), '', 'warnings or errors in our STUN');
  assert.equal(tshark('-Y', `${ours} && dtls && _ws.expert.severity >= 6291456`), '', 'warnings or errors in our DTLS');
  // On loopback a capture shows several media datagrams that travel as one message (UDP_SEGMENT) before they are cut up, so
  // only the others can be measured here; the cut ones are shown by the tests of RtcPlatform.Net.
  assert.equal(tshark('-Y', `${ours} && frame.len > 1300 && (stun || dtls || srtcp)`), '', 'a datagram of ours is too large');
  rmSync(folder, { recursive: true });
});

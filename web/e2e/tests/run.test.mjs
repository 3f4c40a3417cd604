// ./run as a person meets it: what is missing or taken is one clear line, everything ends together, data is kept.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { Platform, freeTcpPort, freeUdpPort, root, rtc, runToEnd, temporaryFolder } from '../harness/platform.mjs';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Arguments of a start on free ports that is expected to fail. */
const rtcUp = async (data, { mediaPort, more = [] } = {}) => [
  join(root, 'src/Hosts/RtcPlatform.Cli/bin/Release/net10.0/rtc.dll'), 'up', '--data', data, '--host', '127.0.0.1',
  '--port', String(await freeTcpPort()), '--media-port', String(mediaPort ?? (await freeUdpPort())), ...more,
];

/** One line for the person, no stack trace. */
function assertOneClearLine(result, pattern, t) {
  const line = result.output.trim().split('\n').at(-1);
  t.diagnostic(`exit ${result.code} after ${result.seconds.toFixed(1)} s: ${line}`);
  assert.match(line, pattern);
  assert.doesNotMatch(result.output, /^\s+at /m);
  assert.notEqual(result.code, 0);
}

test('./run itself: ready, healthy, ended by SIGTERM with everything it started, and again on the same data', async (t) => {
  const data = temporaryFolder();
  const port = await freeTcpPort();
  const ports = { data, port, mediaPort: await freeUdpPort(), command: [join(root, 'run')], patience: 300 };
  const first = await Platform.start(ports);
  t.after(() => first.stop({ keepData: true }));
  const key = first.credentials.apiKey;
  const pids = ['server', 'node'].map((name) => first.pid(name));
  assert.equal((await fetch(`${first.url}/healthz`)).status, 200);
  assert.equal((await fetch(`${first.url}/readyz`)).status, 200);
  assert.match(await (await fetch(first.url)).text(), /<!doctype html>/i);
  assert.match(rtc(['token', '--data', data, '--room', 'r', '--identity', 'i', '--publish=false', '--ttl', '90s']), /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const doctor = rtc(['doctor', '--data', data]);
  t.diagnostic(doctor.split('\n').find((line) => line.includes('media path')));
  assert.doesNotMatch(doctor, /FAIL/);
  assert.equal(first.rooms().reduce((sum, room) => sum + room.participantCount, 0), 0, 'doctor left somebody behind');
  const seconds = await first.stop({ keepData: true });
  t.diagnostic(`everything ended ${seconds.toFixed(1)} s after SIGTERM`);
  assert.deepEqual(pids.map(isAlive), [false, false]);
  assert.ok(!existsSync(join(data, 'postgres', 'postmaster.pid')), 'PostgreSQL runs on');

  const second = await Platform.start(ports);
  t.after(() => second.stop());
  assert.equal(second.credentials.apiKey, key);
});

test('a killed rtc up leaves no server and no media node, and the next start takes the data over', async (t) => {
  const data = temporaryFolder();
  const first = await Platform.start({ data });
  const pids = ['server', 'node'].map((name) => first.pid(name));
  await first.killHard();
  for (let i = 0; i < 100 && pids.some(isAlive); i++) await new Promise((done) => setTimeout(done, 100));
  assert.deepEqual(pids.map(isAlive), [false, false]);
  const second = await Platform.start({ data });
  t.after(() => second.stop());
});

test('a taken TCP port is one clear line', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  const { port } = taken.address();
  const data = temporaryFolder();
  const result = await runToEnd(join(root, 'run'), ['--port', String(port), '--host', '127.0.0.1', '--data', data], { timeout: 300_000 });
  assertOneClearLine(result, new RegExp(`TCP port ${port} is taken`), t);
  assert.equal(result.code, 3);
  taken.close();
  rmSync(data, { recursive: true });
});

test('a taken UDP port is one clear line', async (t) => {
  const taken = createSocket('udp4');
  await new Promise((done) => taken.bind(0, '127.0.0.1', done));
  const { port } = taken.address();
  const data = temporaryFolder();
  const result = await runToEnd('dotnet', await rtcUp(data, { mediaPort: port }));
  assertOneClearLine(result, new RegExp(`UDP port ${port} is taken`), t);
  assert.equal(result.code, 3);
  taken.close();
  rmSync(data, { recursive: true });
});

for (const [what, connection] of [
  ['that cannot be parsed', 'Host=127.0.0.1;Nonsense=1'],
  ['to a port where nothing listens', 'Host=127.0.0.1;Port=9;Username=a;Password=b;Database=c;Timeout=3'],
]) {
  test(`a connection string ${what} is one clear line within seconds`, async (t) => {
    const data = temporaryFolder();
    const result = await runToEnd('dotnet', await rtcUp(data, { more: ['--database', connection] }));
    assertOneClearLine(result, /rtc up: the server did not start: .*(connection string|database)/i, t);
    assert.equal(result.code, 2);
    rmSync(data, { recursive: true });
  });
}

test('without PostgreSQL and without root, ./run says what to install', { skip: process.getuid() !== 0 && 'needs root to become somebody else' }, async (t) => {
  // A PATH with everything but PostgreSQL and sudo, and a file system view without Debian's place for it.
  const bin = temporaryFolder();
  for (const folder of ['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin', ...process.env.PATH.split(delimiter)]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      if (!/^(initdb|pg_|postgres|psql|sudo)/.test(name) && !existsSync(join(bin, name))) {
        try {
          symlinkSync(join(folder, name), join(bin, name));
        } catch {
          // The same name in two folders, dangling in the first: the first wins, as in a PATH.
        }
      }
    }
  }
  const data = temporaryFolder();
  chmodSync(data, 0o777);
  const empty = temporaryFolder();
  mkdirSync(join(empty, 'none'));
  const script =
    `mount --bind ${empty} /usr/lib/postgresql && exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs ` +
    `env PATH=${bin} HOME=${data} DOTNET_CLI_HOME=${data} ${join(root, 'run')} --data ${data}/x --port ${await freeTcpPort()}`;
  const probe = spawnSync('unshare', ['--mount', 'true']);
  if (probe.status !== 0) return t.skip('mount namespaces are not allowed here');
  const result = await runToEnd('unshare', ['--mount', '--', 'sh', '-c', script]);
  assertOneClearLine(result, /postgresql/, t);
  assert.match(result.output, /apt-get install/);
  assert.equal(result.code, 4);
});

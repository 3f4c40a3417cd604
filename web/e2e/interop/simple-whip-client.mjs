// Meetecho's simple-whip-client (Debian), which has its own HTTP and its own trickle by PATCH; publishes only. Its log is
// said line by line; it answers SIGINT with DELETE.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, emit, main, told } from './client.mjs';

const [width, height] = command.size.split('x');
const video =
  `videotestsrc is-live=true pattern=ball ! video/x-raw,width=${width},height=${height},framerate=15/1 ! ` +
  'vp8enc deadline=1 cpu-used=8 keyframe-max-dist=15 ! rtpvp8pay pt=96 ssrc=2 picture-id-mode=15-bit ! queue ! ' +
  'application/x-rtp,media=video,encoding-name=VP8,payload=96';
const audio =
  'audiotestsrc is-live=true wave=sine ! audioconvert ! audioresample ! queue ! opusenc ! rtpopuspay pt=100 ssrc=1 ! queue ! ' +
  'application/x-rtp,media=audio,encoding-name=OPUS,payload=100';

await main(async () => {
  const libraries = mkdtempSync(join(tmpdir(), 'rtc-e2e-'));
  const standIn = join(libraries, 'libgupnp-igd-1.0.so.4');
  execFileSync('tcc', ['-shared', '-nostdlib', '-o', standIn, join(import.meta.dirname, 'without-upnp.c')]);
  const child = spawn('whip-client', ['-o', '-l', '7', '-u', command.url, '-t', command.token, '-A', audio, '-V', video], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log += text;
      text.split('\n').filter((line) => line.trim()).forEach((line) => emit('log', { line }));
    });
  }
  const ended = new Promise((done, fail) => child.once('error', fail).once('close', (code, signal) => done({ code, signal })));
  try {
    const early = await Promise.race([ended, told.then(() => undefined)]);
    child.kill('SIGINT');
    const { code, signal } = await ended;
    if (early || code !== 0) {
      throw new Error(`whip-client ended ${early ? 'by itself ' : ''}with ${code ?? signal}:\n${log}`);
    }
  } finally {
    rmSync(libraries, { recursive: true });
  }
});

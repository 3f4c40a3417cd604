// The platform under test: `rtc up` with a data folder of its own, its media node on one processor, the rest on the other.
import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pin, processors, sleep, start, stop } from './machine.mjs';

const patience = 90_000;

// What is measured is how much it carries, so nothing is refused.
const unlimited = 10_000_000;

export class Platform {
  static async start(root, { port = 7960, mediaPort = 7970, shards = 1, capacity = unlimited } = {}) {
    const platform = new Platform();
    platform.data = mkdtempSync(join(tmpdir(), 'rtc-bench-'));
    chmodSync(platform.data, 0o755);
    platform.rtc = join(root, 'src/Hosts/RtcPlatform.Cli/bin/Release/net10.0/rtc.dll');
    platform.up = start('dotnet', [
      platform.rtc, 'up', '--data', platform.data, '--host', '127.0.0.1', '--port', String(port), '--media-port', String(mediaPort),
      '--shards', String(shards), '--shard-capacity', String(capacity),
    ]);
    await platform.#ready();
    platform.node = platform.#pid('node');
    platform.server = platform.#pid('server');
    if (shards === 1) pin(platform.node, processors?.measured);
    pin(platform.server, processors?.other);
    return platform;
  }

  /** Ends the processes; data and logs stay until stop(). */
  stopPrograms() {
    return stop(this.up);
  }

  async stop() {
    await this.stopPrograms();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** The last line that the media node wrote with this text in it. */
  logged(text) {
    const lines = readFileSync(join(this.data, 'logs', 'node.log'), 'utf8').split('\n');
    return lines.findLast((line) => line.includes(text));
  }

  /** What the load tool is told to aim at this. */
  get target() {
    return ['--data', this.data];
  }

  async #ready() {
    let output = '';
    this.up.stdout.on('data', (data) => (output += data));
    this.up.stderr.on('data', (data) => (output += data));
    const end = Date.now() + patience;
    while (!output.includes('ready http')) {
      if (this.up.exitCode !== null || Date.now() > end) throw new Error(`the platform did not start:\n${output}`);
      await sleep(100);
    }
  }

  #pid(name) {
    return Number(readFileSync(join(this.data, 'run', `${name}.pid`), 'utf8'));
  }
}

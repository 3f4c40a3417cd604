// The floor program (../floor): built if it is not, and run on the processor of what is measured.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { on, processors, sleep, start, stop } from './machine.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'floor');
let port = 7990;

export function buildFloor() {
  try {
    execFileSync('make', ['-s', '-C', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Error(`the floor cannot be built: ${error.stderr ?? error.message} (apt-get install gcc make libssl-dev)`);
  }
}

export class Floor {
  /** lingerUs: how long it waits after a first datagram for more; the media node's --gather-us. */
  static async start({ lingerUs = 0 } = {}) {
    const floor = new Floor();
    floor.port = port++;
    const [command, args] = on(processors?.measured, join(folder, 'floor'), [
      '--port', String(floor.port), '--gso', '--linger-us', String(lingerUs),
    ]);
    floor.child = start(command, args);
    await sleep(1500);
    if (floor.child.exitCode !== null) throw new Error('the floor did not start');
    return floor;
  }

  get target() {
    return ['--floor', `127.0.0.1:${this.port}`, '--process', `floor=${this.child.pid}`];
  }

  stop() {
    return stop(this.child);
  }
}

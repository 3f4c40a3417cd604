// Clients that nobody here wrote, each in a process of its own (../interop): what they say, as JSON lines, and their end.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from './customer.mjs';

const folder = join(import.meta.dirname, '..', 'interop');
// Debian's own Python has Debian's aiortc and GStreamer; another one that comes first in the PATH has not.
const programs = {
  aiortc: ['/usr/bin/python3', 'aiortc-client.py'],
  gstreamer: ['/usr/bin/python3', 'gstreamer.py'],
  libdatachannel: ['node', 'libdatachannel.mjs'],
  'simple-whip-client': ['node', 'simple-whip-client.mjs'],
  werift: ['node', 'werift.mjs'],
};

export class ForeignClient {
  said = [];
  #rest = '';
  #errors = '';
  #child;
  #ended;

  /** @param {'publish'|'play'} action */
  constructor(name, action, url, token, { size = '320x240' } = {}) {
    const [program, script] = programs[name];
    this.name = name;
    this.#child = spawn(program, [script, action, url, token, '--size', size, '--seconds', '90'], {
      cwd: folder,
      detached: true, // a group of its own, so that what it starts ends with it
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text) => this.#read(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text));
    this.#ended = new Promise((done, fail) => this.#child.once('error', fail).once('close', done));
  }

  #read(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    this.said.push(...lines.map((line) => JSON.parse(line)));
  }

  /** What was said last under that name. */
  last(event) {
    return this.said.findLast((line) => line.event === event);
  }

  /** Packets and frames of both kinds go on arriving, as the client counts them. */
  async receives({ audio = 30, video = 15, timeout = 30_000 } = {}) {
    await eventually(`${this.name} receives`, () => {
      const seen = this.last('media');
      if (this.last('result')) throw this.#failure();
      return seen && seen.audio.frames >= audio && seen.video.frames >= video;
    }, { timeout }).catch((error) => {
      throw new Error(`${error.message}\n${this.#failure().message}`);
    });
    return this.last('media');
  }

  /** Ends it as a person would; it deletes its session. */
  async stop() {
    this.#child.kill('SIGTERM');
    return await this.end();
  }

  /** @returns {Promise<object>} what it said at its end */
  async end() {
    await this.#ended;
    const result = this.last('result');
    if (!result) throw this.#failure();
    return result;
  }

  /** After a test: ends it and what it started, when something of it is left. */
  async kill() {
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    await this.#ended;
  }

  #failure() {
    const { sdp: offer } = this.last('offer') ?? {};
    const { sdp: answer, ...head } = this.last('answer') ?? {};
    const rest = this.said.filter((line) => !['offer', 'answer', 'media'].includes(line.event)).slice(-40);
    return new Error(
      `${this.name} said: ${rest.map((line) => JSON.stringify(line)).join('\n')}\nmedia: ${JSON.stringify(this.last('media'))}\n` +
        `standard error: ${this.#errors}\noffer:\n${offer}\nanswer: ${JSON.stringify(head)}\n${answer}`,
    );
  }

  /** Errors that it logged and lived with. */
  faults() {
    return this.said.filter((line) => line.event === 'log' && /\[ERR\]|CRITICAL/.test(line.line)).map((line) => line.line);
  }

  describe() {
    return this.#failure().message;
  }
}

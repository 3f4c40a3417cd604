// Starts the platform as a person would (rtc up), on free ports and a data folder of its own, and stops it again.
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { joinClaims, signToken } from './tokens.mjs';

export const root = resolve(import.meta.dirname, '..', '..', '..');
const rtcDll = join(root, 'src/Hosts/RtcPlatform.Cli/bin/Release/net10.0/rtc.dll');

export async function freeTcpPort() {
  return await new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export async function freeUdpPort() {
  return await new Promise((done, fail) => {
    const probe = createSocket('udp4').once('error', fail);
    probe.bind(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** A folder that the database's system user can reach, too. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rtc-e2e-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Runs the rtc command line to its end. */
export function rtc(args, options = {}) {
  return execFileSync('dotnet', [rtcDll, ...args], { encoding: 'utf8', timeout: 60_000, ...options });
}

/** @returns {Promise<{code: number|null, output: string, seconds: number}>} of a command that is expected to end */
export async function runToEnd(command, args, { env = {}, timeout = 120_000, cwd = root } = {}) {
  const started = performance.now();
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (d) => (output += d));
  child.stderr.on('data', (d) => (output += d));
  const timer = setTimeout(() => child.kill('SIGTERM'), timeout);
  const code = await new Promise((done) => child.once('close', done));
  clearTimeout(timer);
  return { code, output, seconds: (performance.now() - started) / 1000 };
}

export class Platform {
  output = '';
  #child;
  #exited;

  /**
   * Ready when this resolves; fails with everything that was printed otherwise.
   * @param {{host?: string | null}} options null as a person has it who says nothing: media on every address of this machine
   */
  static async start({
    data = temporaryFolder(), env = {}, args = [], host = '127.0.0.1', port, mediaPort, command = ['dotnet', rtcDll, 'up'], patience = 90,
  } = {}) {
    const platform = new Platform();
    platform.data = data;
    platform.port = port ?? (await freeTcpPort());
    platform.mediaPort = mediaPort ?? (await freeUdpPort());
    platform.url = `http://127.0.0.1:${platform.port}`;
    await platform.#launch(command, env, host === null ? args : ['--host', host, ...args], patience);
    return platform;
  }

  async #launch([program, ...before], env, args, patience) {
    const child = spawn(
      program,
      [...before, '--port', this.port, '--media-port', this.mediaPort, '--data', this.data, ...args].map(String),
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    this.#exited = new Promise((done) => child.once('close', done));
    await new Promise((done, fail) => {
      const timer = setTimeout(() => {
        child.kill('SIGTERM');
        fail(new Error(`not ready after ${patience} s:\n${this.output}`));
      }, patience * 1000);
      const read = (chunk) => {
        this.output += chunk;
        if (/^ready http/m.test(this.output)) {
          clearTimeout(timer);
          done();
        }
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('close', (code) => fail(new Error(`rtc up ended with ${code}:\n${this.output}`)));
    });
  }

  /** As a crash or an impatient person would; the data stays. */
  async killHard() {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  get credentials() {
    return JSON.parse(readFileSync(join(this.data, 'dev.json'), 'utf8'));
  }

  /** A join token, signed here as a customer's backend would. */
  token(room, identity) {
    return signToken(this.credentials, joinClaims(room, identity));
  }

  rooms() {
    return JSON.parse(rtc(['rooms', '--data', this.data, '--json'])).rooms;
  }

  /** @param {'server'|'node'} name */
  pid(name) {
    return Number(readFileSync(join(this.data, 'run', `${name}.pid`), 'utf8'));
  }

  kill(name) {
    process.kill(this.pid(name), 'SIGKILL');
  }

  log(name) {
    return readFileSync(join(this.data, 'logs', `${name}.log`), 'utf8');
  }

  async ready() {
    const response = await fetch(`${this.url}/readyz`).catch(() => undefined);
    return response?.ok === true;
  }

  /** @returns {Promise<number>} seconds until everything had ended */
  async stop({ keepData = false } = {}) {
    const started = performance.now();
    this.#child.kill('SIGTERM'); // does nothing the second time
    await this.#exited;
    if (!keepData) {
      rmSync(this.data, { recursive: true, force: true });
    }
    return (performance.now() - started) / 1000;
  }
}

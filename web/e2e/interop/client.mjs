// What the JavaScript clients share: the command line, the HTTP part of WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep),
// JSON lines on standard output, counts of what arrived.
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, size: { type: 'string', default: '320x240' } },
});

/** `publish|play URL TOKEN [--seconds N] [--size WxH]` */
export const command = {
  action: positionals[0],
  url: positionals[1],
  token: positionals[2],
  seconds: Number(values.seconds),
  size: values.size,
};

if (!['publish', 'play'].includes(command.action) || !command.url || !command.token) {
  process.stderr.write('usage: publish|play URL TOKEN [--seconds N] [--size WxH]\n');
  process.exit(2);
}

export function emit(event, detail = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...detail })}\n`);
}

/** Resolves when the test has seen enough (SIGTERM), or after --seconds. */
export const told = new Promise((done) => {
  process.once('SIGTERM', () => done('told to stop'));
  process.once('SIGINT', () => done('told to stop'));
  setTimeout(() => done('--seconds are over'), command.seconds * 1000);
});

/** Waits for a step of the set-up; being told to stop before it is done is an error that names the step. */
export const step = (what, promise) =>
  Promise.race([promise, told.then((why) => Promise.reject(new Error(`${why} while waiting until ${what}`)))]);

/** The answer and the URL of the session; fails with what the server said when it is not 201. */
async function post(offer) {
  emit('offer', { sdp: offer });
  const response = await fetch(command.url, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${command.token}` },
    body: offer,
  });
  const body = await response.text();
  const location = response.headers.get('location');
  emit('answer', { status: response.status, location, etag: response.headers.get('etag'), sdp: body });
  if (response.status !== 201) {
    throw new Error(`POST: ${response.status} ${body}`);
  }
  return [body, new URL(location, command.url).href];
}

async function remove(session) {
  const response = await fetch(session, { method: 'DELETE', headers: { authorization: `Bearer ${command.token}` } });
  await response.arrayBuffer();
  emit('deleted', { status: response.status });
}

/** Packets and frames (RTP timestamps) by kind, as they come off the wire; says them four times a second. */
export class Counts {
  #seen = { audio: { packets: 0, frames: 0 }, video: { packets: 0, frames: 0 } };
  #last = {};

  constructor() {
    setInterval(() => emit('media', this.#seen), 250).unref();
  }

  /** @param {Buffer} packet a whole RTP packet */
  add(kind, packet) {
    const seen = this.#seen[kind];
    const timestamp = packet.readUInt32BE(4);
    seen.packets++;
    seen.payloadType = packet[1] & 0x7f;
    if (this.#last[kind] !== timestamp) {
      this.#last[kind] = timestamp;
      seen.frames++;
    }
  }

  get value() {
    return this.#seen;
  }
}

/**
 * Runs a client to its end; the last line is the result. A session that was opened is removed, however the client ends.
 * @param {(open: (offer: string) => Promise<string>) => Promise<object | undefined>} run gets what posts an offer and gives
 * the answer; what it returns goes into the result
 */
export async function main(run) {
  let session;
  let result;
  try {
    result = { ok: true, ...(await run(async (offer) => ([, session] = await post(offer))[0])) };
  } catch (error) {
    result = { ok: false, error: String(error?.stack ?? error) };
  }
  if (session) await remove(session);
  // Standard output is a pipe: exit() does not wait for it.
  process.stdout.write(`${JSON.stringify({ event: 'result', ...result })}\n`, () => process.exit(result.ok ? 0 : 1));
}

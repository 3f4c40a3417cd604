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
  process.once('SIGTERM', () => done('told to'));
  process.once('SIGINT', () => done('told to'));
  setTimeout(() => done('after --seconds'), command.seconds * 1000).unref();
});

/** Posts the offer and says the answer; fails with what the server said when it is not 201. */
export async function open(offer) {
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
  return { answer: body, session: new URL(location, command.url).href };
}

/** Ends the session. */
export async function remove(session) {
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

/** Runs a client to its end; the last line is the result. */
export async function main(run) {
  try {
    const result = await run();
    emit('result', { ok: true, ...result });
    process.exit(0);
  } catch (error) {
    emit('result', { ok: false, error: String(error?.stack ?? error) });
    process.exit(1);
  }
}

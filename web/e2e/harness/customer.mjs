// A customer's page on an origin of its own that embeds the SDK from the platform, and a handle on it from the tests.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Serves customer.html at /?sdk=URL; its origin differs from the platform's on purpose. */
export async function serveCustomerPage() {
  const page = readFileSync(join(import.meta.dirname, 'customer.html'));
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Waits for a condition that is asked again and again; the error names what was seen last. */
export async function eventually(what, ask, { timeout = 20_000, every = 100 } = {}) {
  const started = performance.now();
  let seen;
  do {
    seen = await ask();
    if (seen) {
      return { value: seen, ms: performance.now() - started };
    }
    await new Promise((done) => setTimeout(done, every));
  } while (performance.now() - started < timeout);
  throw new Error(`${what}: not within ${timeout} ms; last seen: ${JSON.stringify(seen)}`);
}

export class Customer {
  /** Every page by its identity, so that what one decodes can be held against what the other encodes. */
  static everybody = new Map();

  constructor(page, identity) {
    this.page = page;
    this.identity = identity;
  }

  static async open(browser, customerUrl, platform, identity) {
    const page = await browser.newPage();
    const customer = new Customer(page, identity);
    Customer.everybody.set(identity, customer);
    customer.errors = [];
    page.on('pageerror', (error) => customer.errors.push(String(error)));
    customer.address = `${customerUrl}?sdk=${encodeURIComponent(`${platform.url}/sdk/rtc-client.js`)}`;
    await customer.load();
    return customer;
  }

  async load() {
    await this.page.goto(this.address, { waitUntil: 'load' });
    await eventually('the SDK is loaded', () => this.page.evaluate('typeof RtcPlatform === "object"'));
  }

  /** Joins and publishes; resolves with what connect() took, in ms. */
  join(url, token, { publish = true, codec, connect } = {}) {
    return this.page.evaluate((...args) => app.join(...args), url, token, { publish, codec, connect });
  }

  call(name, ...args) {
    return this.page.evaluate((method, values) => app[method](...values), name, args);
  }

  events() {
    return this.call('takeEvents');
  }

  /** Frames decoded, resolution and audio energy of everybody else, measured in this page. */
  received() {
    return this.call('received');
  }

  /**
   * Every named participant is seen and heard here: frames and audio energy rise, at the size of the camera, or at the
   * smaller one that its browser chose to encode on a busy machine.
   */
  async sees(identities, { width = 640, height = 480, timeout = 30_000 } = {}) {
    const before = await this.received();
    let now = before;
    try {
      return await eventually(
        `${this.identity} sees and hears ${identities.join(', ')}`,
        async () => {
          now = await this.received();
          for (const identity of identities) {
            const peer = now[identity];
            const was = before[identity];
            if (!peer || peer.framesDecoded <= (was?.framesDecoded ?? 0) + 5 || peer.audioEnergy <= (was?.audioEnergy ?? 0)) {
              return undefined;
            }
            const full = peer.width === width && peer.height === height;
            const sent = full ? peer : await Customer.everybody.get(identity)?.call('sending');
            if (peer.width === 0 || peer.width !== sent?.width || peer.height !== sent?.height) {
              return undefined;
            }
          }
          return now;
        },
        { timeout },
      );
    } catch (error) {
      const room = await this.call('describe');
      throw new Error(
        `${error.message}\nbefore: ${JSON.stringify(before)}\nnow: ${JSON.stringify(now)}\n` +
          `page errors: ${this.errors.join('; ')}\nroom: ${JSON.stringify(room, undefined, 1)}`,
      );
    }
  }
}

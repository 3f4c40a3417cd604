// A page of an origin of its own with somebody else's WHIP and WHEP in it (../interop/eyevinn-page.mjs).
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';

export async function serveEyevinnPage() {
  const html = readFileSync(join(import.meta.dirname, 'eyevinn.html'));
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, '..', 'interop', 'eyevinn-page.mjs')],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const server = createServer((request, response) =>
    request.url === '/page.js'
      ? response.setHeader('content-type', 'text/javascript').end(bundle.outputFiles[0].contents)
      : response.setHeader('content-type', 'text/html').end(html));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export class EyevinnPage {
  /** What the clients wrote to the console as errors, and what they threw. */
  errors = [];

  constructor(page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  static async open(browser, url) {
    const page = await browser.newPage();
    const opened = new EyevinnPage(page);
    await page.goto(url, { waitUntil: 'load' });
    return opened;
  }

  publish(endpoint, token) {
    return this.page.evaluate((...args) => eyevinn.publish(...args), endpoint, token);
  }

  unpublish() {
    return this.page.evaluate(() => eyevinn.unpublish());
  }

  play(endpoint, token) {
    return this.page.evaluate((...args) => eyevinn.play(...args), endpoint, token);
  }

  stop() {
    return this.page.evaluate(() => eyevinn.stop());
  }

  received() {
    return this.page.evaluate(() => eyevinn.received());
  }

  describe() {
    return `the page said: ${this.errors.join('\n')}`;
  }
}

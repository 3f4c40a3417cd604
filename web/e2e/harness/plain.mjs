// A page of an origin of its own that speaks WHIP and WHEP without a library (plain.html), and a handle on it from the tests.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

export async function servePlainPage() {
  const html = readFileSync(join(import.meta.dirname, 'plain.html'));
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export class PlainPage {
  errors = [];

  constructor(page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async open(browser, url) {
    const opened = new PlainPage(await browser.newPage());
    await opened.page.goto(url, { waitUntil: 'load' });
    return opened;
  }

  /** Calls one of plain.html's functions. */
  call(name, ...args) {
    return this.page.evaluate((method, values) => plain[method](...values), name, args);
  }

  close() {
    return this.page.close();
  }
}

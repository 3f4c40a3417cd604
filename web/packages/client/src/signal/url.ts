import { ConnectionError } from '../errors.js';

/**
 * The hub's address for a server's URL: `wss://host/base` and `https://host/base` both give `https://host/base/signal`.
 * Throws `ConnectionError` (`invalid_url`).
 */
export function signalUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    throw new ConnectionError('invalid_url', `'${url}' is not the URL of a server.`, { cause: error });
  }
  const scheme = { 'http:': 'http:', 'ws:': 'http:', 'https:': 'https:', 'wss:': 'https:' }[parsed.protocol];
  if (scheme === undefined) {
    throw new ConnectionError('invalid_url', `'${url}' must begin with https://, wss://, http:// or ws://.`);
  }
  return `${scheme}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}/signal`;
}

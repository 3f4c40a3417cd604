import { ConnectionError } from '../errors.js';

/** Bytes of JSON that the server accepts in one message; it closes the connection on more. */
export const maxMessageBytes = 200 * 1024;

/** Throws `ConnectionError` (`too_large`) instead of letting the server end the connection. */
export function assertSendable(method: string, request: unknown): void {
  if (request === undefined) {
    return;
  }
  const bytes = new TextEncoder().encode(JSON.stringify(request)).length;
  if (bytes > maxMessageBytes) {
    const kib = Math.ceil(bytes / 1024);
    throw new ConnectionError('too_large', `'${method}' would be ${kib} KiB; at most ${maxMessageBytes / 1024} KiB can be sent.`);
  }
}

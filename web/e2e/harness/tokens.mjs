// Signs tokens as a customer's backend would, without our code: for tests that need wrong ones.
import { createHmac } from 'node:crypto';

const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function signToken({ apiKey, apiSecret }, claims, header = { alg: 'HS256', typ: 'JWT' }) {
  const signed = `${base64url(header)}.${base64url({ iss: apiKey, ...claims })}`;
  return `${signed}.${createHmac('sha256', apiSecret).update(signed).digest('base64url')}`;
}

export function joinClaims(room, identity, overrides = {}) {
  const now = Math.floor(Date.now() / 1000);
  return { sub: identity, exp: now + 600, nbf: now - 10, video: { roomJoin: true, room }, ...overrides };
}

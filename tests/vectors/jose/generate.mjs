// Writes tokens.json. Run with jose 6 installed beside it: npm install jose@6 && node generate.mjs > tokens.json
import { SignJWT, UnsecuredJWT, generateKeyPair } from 'jose';

const secret = 'jose-vector-secret-of-48-characters-0123456789ab';
const otherSecret = 'another-secret-of-48-characters-0123456789abcdef';
const now = 1_800_000_000; // 2027-01-15T08:00:00Z: the tests' "now"
const key = (text) => new TextEncoder().encode(text);

function claims(overrides = {}) {
  return {
    iss: 'APIvector', sub: 'alice', name: 'Alice Ångström ✓', metadata: '{"role":"host"}', nbf: now - 10, exp: now + 3600,
    video: { roomJoin: true, room: 'daily', canPublish: true, canSubscribe: true, canPublishData: false, canPublishSources: ['camera', 'microphone'] },
    ...overrides,
  };
}

const sign = (payload, by = secret, header = { alg: 'HS256', typ: 'JWT' }) => new SignJWT(payload).setProtectedHeader(header).sign(key(by));
const valid = await sign(claims());
const [header, , signature] = valid.split('.');
const forged = Buffer.from(JSON.stringify(claims({ sub: 'mallory' }))).toString('base64url');
const { privateKey: rsa } = await generateKeyPair('RS256');
const { exp, ...withoutExpiry } = claims();

const tokens = {
  valid,
  minimal: await sign({ iss: 'APIvector', sub: 'bob', exp: now + 60, video: { roomJoin: true, room: 'daily' } }),
  expired: await sign(claims({ exp: now - 1 })),
  expires_now: await sign(claims({ exp: now })),
  not_yet_valid: await sign(claims({ nbf: now + 61 })),
  within_leeway: await sign(claims({ nbf: now + 60 })),
  no_expiry: await sign(withoutExpiry),
  foreign_secret: await sign(claims(), otherSecret),
  tampered: `${header}.${forged}.${signature}`,
  alg_none: new UnsecuredJWT(claims()).encode(),
  alg_hs512: await sign(claims(), secret + otherSecret, { alg: 'HS512' }),
  alg_rs256: await new SignJWT(claims()).setProtectedHeader({ alg: 'RS256' }).sign(rsa),
  no_join: await sign(claims({ video: { room: 'daily' } })),
  list_only: await sign({ iss: 'APIvector', exp: now + 60, video: { roomList: true } }),
};
console.log(JSON.stringify({ secret, now, tokens }, null, 2));

import { describe, expect, it } from 'vitest';
import { ConnectionError, MediaDeviceFailure } from '../src/errors.js';
import { isTransient, parseSignalFailure, toConnectionError } from '../src/signal/failures.js';
import { assertSendable, maxMessageBytes } from '../src/signal/messageLimit.js';
import { signalUrl } from '../src/signal/url.js';

const hubText = (json: string) => `An unexpected error occurred invoking 'Join' on the server. HubException: ${json}`;

describe('errors of the server', () => {
  it('are read from the text of the hub exception', () => {
    const error = toConnectionError('Join', new Error(hubText('{"code":"token_expired","message":"The token has expired."}')));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.code).toBe('token_expired');
    expect(error.message).toBe('The token has expired.');
  });

  it('keep quotes and braces of the message', () => {
    expect(parseSignalFailure(hubText('{"code":"room_full","message":"\\"a {b}\\" is full"}'))).toEqual({
      code: 'room_full',
      message: '"a {b}" is full',
    });
  });

  it('are read from the reason of a close', () => {
    const text = 'Server returned an error on close: {"code":"too_large","message":"A message may have at most 262144 octets."}';
    expect(toConnectionError('Offer', new Error(text)).code).toBe('too_large');
  });

  it.each(['', 'HubException: {', 'HubException: []', 'HubException: {"message":"x"}', hubText('plain words')])(
    'become internal ones when they are not ours: %s',
    (text) => {
      expect(toConnectionError('Offer', new Error(text)).code).toBe('internal');
    },
  );

  it('show the words of a foreign hub exception', () => {
    expect(toConnectionError('Offer', new Error(hubText('plain words'))).message).toContain('plain words');
  });

  it.each([
    'Invocation canceled due to the underlying connection being closed.',
    "Cannot send data if the connection is not in the 'Connected' State.",
    'Server timeout elapsed without receiving a message from the server, connection closed.',
    'WebSocket is not in the OPEN state',
  ])('mean a lost connection: %s', (text) => {
    expect(toConnectionError('Offer', new Error(text)).code).toBe('signal_lost');
  });

  it('are worth another try or not', () => {
    expect(isTransient(new ConnectionError('no_media_node', ''))).toBe(true);
    expect(isTransient(new ConnectionError('token_expired', ''))).toBe(false);
    expect(isTransient(new Error('bug'))).toBe(false);
  });
});

describe('a message that is too large', () => {
  it('is refused before it is sent', () => {
    const sdp = 'x'.repeat(maxMessageBytes);
    expect(() => assertSendable('Offer', { sdp })).toThrowError(expect.objectContaining({ code: 'too_large' }));
    expect(() => assertSendable('Offer', { sdp: 'x'.repeat(maxMessageBytes - 20) })).not.toThrow();
  });

  it('is measured in bytes, not characters', () => {
    expect(() => assertSendable('Publish', { name: 'ä'.repeat(maxMessageBytes / 2) })).toThrow();
  });
});

describe('the address of the hub', () => {
  it.each([
    ['http://127.0.0.1:7880', 'http://127.0.0.1:7880/signal'],
    ['ws://127.0.0.1:7880/', 'http://127.0.0.1:7880/signal'],
    ['wss://rtc.example/base/', 'https://rtc.example/base/signal'],
    ['https://rtc.example', 'https://rtc.example/signal'],
  ])('of %s is %s', (url, expected) => expect(signalUrl(url)).toBe(expected));

  it.each(['', 'example.org', 'ftp://example.org', '//x'])('is not made from %s', (url) => {
    expect(() => signalUrl(url)).toThrowError(expect.objectContaining({ code: 'invalid_url' }));
  });
});

describe('device failures', () => {
  it.each([
    ['NotAllowedError', 'PermissionDenied'],
    ['NotFoundError', 'NotFound'],
    ['OverconstrainedError', 'NotFound'],
    ['NotReadableError', 'DeviceInUse'],
    ['SomethingNew', 'Other'],
  ])('%s is %s', (name, expected) => expect(MediaDeviceFailure.getFailure({ name })).toBe(expected));

  it('are not seen in other errors', () => {
    expect(MediaDeviceFailure.getFailure('text')).toBeUndefined();
    expect(MediaDeviceFailure.getFailure(new TypeError('bug'))).toBeUndefined();
  });
});

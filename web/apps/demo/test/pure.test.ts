import { describe, expect, it } from 'vitest';
import { ConnectionError } from '@rtcplatform/client';
import { TokenError } from '../src/api/token.js';
import { fitGrid, fitStrip } from '../src/call/grid.js';
import { inventRoom, readIntent } from '../src/entry/intent.js';
import { explainConnection, explainDevice, explainEnd } from '../src/errors/explain.js';
import { hueOf, initials } from '../src/ui/avatar.js';

describe('the grid', () => {
  const wide = { width: 1280, height: 640 };

  it.each([
    [1, 1, 1], [2, 2, 1], [4, 2, 2], [6, 3, 2], [9, 3, 3], [16, 4, 4], [25, 5, 5],
  ])('of %i in a wide window has %i columns and %i rows', (count, columns, rows) => {
    expect(fitGrid(count, wide, 10)).toMatchObject({ columns, rows });
  });

  it('stacks in a tall window', () => {
    expect(fitGrid(3, { width: 390, height: 700 }, 10)).toMatchObject({ columns: 1, rows: 3 });
  });

  it('never leaves its space, and stands no tile over another', () => {
    for (let count = 1; count <= 25; count += 1) {
      for (const space of [wide, { width: 390, height: 700 }, { width: 200, height: 90 }]) {
        const { columns, rows, width, height } = fitGrid(count, space, 10);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(columns * width + (columns - 1) * 10).toBeLessThanOrEqual(space.width);
        expect(rows * height + (rows - 1) * 10).toBeLessThanOrEqual(space.height);
      }
    }
  });

  it('survives a window without room', () => {
    expect(fitGrid(4, { width: 0, height: 0 }, 10)).toMatchObject({ width: 0, height: 0 });
  });
});

describe('the strip beside a shared screen', () => {
  it('shrinks its tiles until all fit, and scrolls when they would be too small', () => {
    const stage = { width: 1240, height: 554 };
    expect(fitStrip(2, stage, 10)).toEqual({ width: 240, height: 135 });
    expect(fitStrip(4, stage, 10).height).toBe(131);
    expect(fitStrip(25, stage, 10).height).toBe(72);
  });

  it('lies under the screen in an upright window', () => {
    expect(fitStrip(4, { width: 366, height: 690 }, 10)).toEqual({ width: 160, height: 120 });
  });
});

describe('the address', () => {
  it('joins by itself only with a name and a room', () => {
    expect(readIntent('?room=a&name=Ann&autojoin=1', '').autojoin).toBe(true);
    expect(readIntent('?room=a&autojoin=1', '').autojoin).toBe(false);
    expect(readIntent('?room=a&autojoin=1', 'Bob')).toMatchObject({ autojoin: true, name: 'Bob' });
  });

  it('knows four codecs', () => {
    expect(readIntent('?codec=VP9', '').codec).toBe('vp9');
    expect(readIntent('?codec=mp3', '').codec).toBeUndefined();
  });

  it('gets a room that can be said', () => {
    expect(inventRoom(() => 0.999)).toBe('swift-valley-999');
  });
});

describe('explanations', () => {
  it('tell a blocked device from a missing one', () => {
    expect(explainDevice('camera', { name: 'NotAllowedError' })?.title).toBe('Your camera is blocked');
    expect(explainDevice('microphone', { name: 'NotFoundError' })?.title).toBe('No microphone was found');
  });

  it('say nothing when the person cancelled sharing', () => {
    expect(explainDevice('screen', { name: 'NotAllowedError' })).toBeUndefined();
  });

  it('show the server\'s sentence for what has none of its own', () => {
    expect(explainConnection(new ConnectionError('limit_exceeded', 'Too many.')).text).toBe('Too many.');
    expect(explainConnection(new TokenError('No such room.', 400)).text).toBe('No such room.');
    expect(explainConnection(new TokenError('fetch failed')).title).toBe('The server cannot be reached');
  });

  it('tell why a call ended', () => {
    expect(explainEnd('duplicate_identity', undefined).title).toBe('You joined from somewhere else');
    expect(explainEnd('unknown', new ConnectionError('token_expired', '')).title).toBe('Your invitation has expired');
  });
});

describe('people without pictures', () => {
  it.each([['Ada Lovelace', 'AL'], ['bob', 'B'], ['jean-luc picard', 'JP'], ['', '?'], ['Ö x', 'ÖX'], ['😀', '😀']])(
    '%s is %s',
    (name, expected) => expect(initials(name)).toBe(expected),
  );

  it('have one colour each', () => {
    expect(hueOf('ann')).toBe(hueOf('ann'));
    expect(hueOf('ann')).toBeLessThan(360);
  });
});

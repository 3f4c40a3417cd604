import { describe, expect, it } from 'vitest';
import { TypedEmitter } from '../src/events/TypedEmitter.js';
import { setLogLevel } from '../src/log.js';

describe('events', () => {
  const emitter = () => new TypedEmitter<{ ping: (value: number) => void }>();

  it('reach every listener although one throws', () => {
    setLogLevel('silent');
    const heard: number[] = [];
    const source = emitter();
    source.on('ping', () => {
      throw new Error('a bug of the app');
    });
    source.on('ping', (value) => heard.push(value));
    expect(source.emit('ping', 7)).toBe(true);
    expect(heard).toEqual([7]);
    setLogLevel('warn');
  });

  it('reach a listener of once but once, and none that was taken away', () => {
    const heard: string[] = [];
    const source = emitter();
    const gone = () => heard.push('gone');
    source.once('ping', () => heard.push('once'));
    source.on('ping', gone).off('ping', gone);
    source.emit('ping', 1);
    source.emit('ping', 2);
    expect(heard).toEqual(['once']);
  });
});

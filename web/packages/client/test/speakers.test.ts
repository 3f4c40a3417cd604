import { describe, expect, it } from 'vitest';
import { ActiveSpeakers } from '../src/speakers/ActiveSpeakers.js';

const levels = (entries: Record<string, number>) => new Map(Object.entries(entries));

describe('active speakers', () => {
  it('are told when they begin and when they stop, not in between', () => {
    const speakers = new ActiveSpeakers(0.02, 700);
    expect(speakers.handleLevels(0, levels({ ann: 0.3, bob: 0.01 }))).toEqual(['ann']);
    expect(speakers.handleLevels(250, levels({ ann: 0.2, bob: 0.01 }))).toBeUndefined();
    expect(speakers.handleLevels(500, levels({ ann: 0, bob: 0 }))).toBeUndefined();
    expect(speakers.handleLevels(951, levels({ ann: 0, bob: 0 }))).toEqual([]);
  });

  it('come loudest first', () => {
    expect(new ActiveSpeakers().handleLevels(0, levels({ ann: 0.1, bob: 0.4, eve: 0.2 }))).toEqual(['bob', 'eve', 'ann']);
  });

  it('are none any more once they have left', () => {
    const speakers = new ActiveSpeakers();
    speakers.handleLevels(0, levels({ ann: 0.5 }));
    expect(speakers.handleLevels(10, levels({}))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { Roster, type RosterEvent } from '../src/roster/Roster.js';
import { change, participant, roomState, track } from './fakes/messages.js';

const names = (events: RosterEvent[]) =>
  events.map((event) => `${event.type} ${'track' in event ? event.track.sid : event.participant.identity}`);

describe('the roster', () => {
  it('tells participants and their tracks of the first snapshot', () => {
    const roster = new Roster();
    const events = roster.handleSnapshot(roomState(4, participant('ann', [track('TR_a')]), participant('bob')));
    expect(names(events)).toEqual(['joined ann', 'trackPublished TR_a', 'joined bob']);
    expect(roster.version).toBe(4);
  });

  it('applies changes in the order of their versions', () => {
    const roster = new Roster();
    roster.handleSnapshot(roomState(1, participant('ann')));
    expect(names(roster.handleChange(change(2, { updated: [participant('ann', [track('TR_a')])] })))).toEqual([
      'trackPublished TR_a',
    ]);
    expect(names(roster.handleChange(change(3, { left: [participant('ann')] })))).toEqual([
      'trackUnpublished TR_a',
      'left ann',
    ]);
  });

  it('ignores a change that came twice', () => {
    const roster = new Roster();
    roster.handleSnapshot(roomState(1));
    const join = change(2, { joined: [participant('ann')] });
    roster.handleChange(join);
    expect(roster.handleChange(join)).toEqual([]);
    expect(roster.version).toBe(2);
  });

  it('asks for a snapshot after a gap, keeps later changes and applies them on top', () => {
    const roster = new Roster();
    roster.handleSnapshot(roomState(1));
    expect(roster.handleChange(change(3, { joined: [participant('bob')] }))).toEqual([]);
    expect(roster.needsSnapshot).toBe(true);
    roster.handleChange(change(5, { left: [participant('bob')] }));
    roster.handleChange(change(4, { joined: [participant('eve')] }));
    const events = roster.handleSnapshot(roomState(3, participant('bob'), participant('ann')));
    expect(names(events)).toEqual(['joined bob', 'joined ann', 'joined eve', 'left bob']);
    expect(roster.needsSnapshot).toBe(false);
    expect(roster.version).toBe(5);
  });

  it('asks again when the snapshot does not close the gap', () => {
    const roster = new Roster();
    roster.handleSnapshot(roomState(1));
    roster.handleChange(change(9, {}));
    roster.handleSnapshot(roomState(5));
    expect(roster.needsSnapshot).toBe(true);
    expect(roster.version).toBe(5);
  });

  it('keeps changes that come before the first snapshot', () => {
    const roster = new Roster();
    roster.handleChange(change(8, { joined: [participant('eve')] }));
    roster.handleChange(change(7, { joined: [participant('bob')] }));
    expect(names(roster.handleSnapshot(roomState(7, participant('bob'))))).toEqual(['joined bob', 'joined eve']);
  });

  it('tells what a snapshot after a resume makes different, once', () => {
    const roster = new Roster();
    roster.handleSnapshot(roomState(1, participant('ann', [track('TR_a')]), participant('bob', [track('TR_b')])));
    const state = roomState(
      20,
      participant('bob', [track('TR_b', { muted: true }), track('TR_c')]),
      participant('eve'),
    );
    expect(names(roster.handleSnapshot(state))).toEqual([
      'trackUnpublished TR_a',
      'left ann',
      'trackUpdated TR_b',
      'trackPublished TR_c',
      'joined eve',
    ]);
    expect(roster.handleSnapshot(state)).toEqual([]);
  });

  it('lets the former one of an identity leave before the new one joins', () => {
    const roster = new Roster();
    roster.handleSnapshot(roomState(1, participant('ann')));
    const events = roster.handleChange(
      change(2, { joined: [participant('ann', [], 'PA_ann2')], left: [participant('ann')] }),
    );
    expect(events.map((event) => `${event.type} ${event.participant.sid}`)).toEqual(['left PA_ann', 'joined PA_ann2']);
  });

  it('comes to the same room whatever the order of arrival', () => {
    const changes = [
      change(2, { joined: [participant('ann')] }),
      change(3, { joined: [participant('bob')] }),
      change(4, { updated: [participant('ann', [track('TR_a')])] }),
      change(5, { left: [participant('bob')] }),
    ];
    for (const order of permutations([0, 1, 2, 3])) {
      const roster = new Roster();
      roster.handleSnapshot(roomState(1));
      order.forEach((index) => roster.handleChange(changes[index]!));
      if (roster.needsSnapshot) {
        roster.handleSnapshot(roomState(5, participant('ann', [track('TR_a')])));
      }
      expect(roster.version, `order ${order.join()}`).toBe(5);
      expect(roster.handleSnapshot(roomState(5, participant('ann', [track('TR_a')])))).toEqual([]);
    }
  });
});

function permutations(items: number[]): number[][] {
  return items.length <= 1
    ? [items]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

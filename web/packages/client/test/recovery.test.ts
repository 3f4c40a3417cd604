import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../src/errors.js';
import { DefaultReconnectPolicy } from '../src/recovery/ReconnectPolicy.js';
import { RecoveryPlan } from '../src/recovery/RecoveryPlan.js';

const plan = () => new RecoveryPlan(new DefaultReconnectPolicy(60_000, () => 0));
const error = (code: ConnectionError['code']) => new ConnectionError(code, code);

describe('the reconnect policy', () => {
  const policy = new DefaultReconnectPolicy(60_000, () => 0.5);
  const delay = (retryCount: number, elapsedMs = 0, mediaConnected = false) =>
    policy.nextRetryDelayInMs({ retryCount, elapsedMs, mediaConnected });

  it('waits longer each time, with jitter from the third attempt on', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((count) => delay(count))).toEqual([0, 300, 1700, 3200, 5300, 7500, 7500]);
  });

  it('gives up when the server has forgotten the participant', () => {
    expect(delay(9, 59_999)).toBe(7500);
    expect(delay(9, 60_000)).toBeNull();
  });

  it('goes on as long as people hear each other', () => {
    expect(delay(9, 3_600_000, true)).toBe(7500);
  });
});

describe('the recovery plan', () => {
  it('has nothing to do while all is well', () => {
    expect(plan().next(0, true)).toEqual({ kind: 'none' });
    expect(plan().stage).toBe('none');
  });

  it('resumes signaling and leaves media alone', () => {
    const it_ = plan();
    it_.handleSignalLost(0);
    expect(it_.stage).toBe('signal');
    expect(it_.next(0, true)).toEqual({ kind: 'resume', delayMs: 0 });
    it_.handleFailed('resume', error('server_unreachable'), 10);
    expect(it_.next(10, true)).toEqual({ kind: 'resume', delayMs: 300 });
    it_.handleDone('resume');
    expect(it_.next(400, true)).toEqual({ kind: 'none' });
    expect(it_.stage).toBe('none');
  });

  it('resumes first when both are lost, for an offer needs signaling', () => {
    const it_ = plan();
    it_.handleTransportLost(0);
    it_.handleSignalLost(5);
    expect(it_.stage).toBe('full');
    expect(it_.next(5, false)).toEqual({ kind: 'resume', delayMs: 0 });
    it_.handleDone('resume');
    expect(it_.next(6, false)).toEqual({ kind: 'replaceTransport', delayMs: 0 });
    it_.handleDone('replaceTransport');
    expect(it_.stage).toBe('none');
  });

  it.each(['resume_refused', 'not_joined'] as const)('rejoins when the server says %s', (code) => {
    const it_ = plan();
    it_.handleSignalLost(0);
    it_.handleFailed('resume', error(code), 1);
    expect(it_.stage).toBe('full');
    expect(it_.next(1, true)).toEqual({ kind: 'rejoin', delayMs: 0 });
    it_.handleDone('rejoin');
    expect(it_.next(2, true)).toEqual({ kind: 'none' });
  });

  it.each(['no_media_node', 'media_node_lost', 'media_timeout'] as const)('tries again after %s', (code) => {
    const it_ = plan();
    it_.handleTransportLost(0);
    it_.handleFailed('replaceTransport', error(code), 1);
    expect(it_.next(1, false)).toEqual({ kind: 'replaceTransport', delayMs: 300 });
  });

  it.each(['token_expired', 'permission_denied', 'room_full'] as const)('gives up at once after %s', (code) => {
    const it_ = plan();
    it_.handleSignalLost(0);
    it_.handleFailed('resume', error('resume_refused'), 1);
    it_.handleFailed('rejoin', error(code), 2);
    expect(it_.next(2, true)).toMatchObject({ kind: 'giveUp', error: { code } });
  });

  it('gives up after 60 s without media and tells the last error', () => {
    const it_ = plan();
    it_.handleTransportLost(0);
    it_.handleFailed('replaceTransport', error('no_media_node'), 100);
    expect(it_.next(60_000, false)).toMatchObject({
      kind: 'giveUp',
      error: { code: 'timeout', cause: { code: 'no_media_node' } },
    });
  });

  it('does not give up signaling while media flows', () => {
    const it_ = plan();
    it_.handleSignalLost(0);
    expect(it_.next(600_000, true)).toEqual({ kind: 'resume', delayMs: 0 });
  });

  it('tries at once when the network comes back', () => {
    const it_ = plan();
    it_.handleSignalLost(0);
    for (let i = 0; i < 5; i += 1) {
      it_.handleFailed('resume', error('server_unreachable'), i);
    }
    it_.handleOnline();
    expect(it_.next(10, true)).toEqual({ kind: 'resume', delayMs: 0 });
  });

  it('counts a new loss from its own beginning', () => {
    const it_ = plan();
    it_.handleSignalLost(0);
    it_.handleDone('resume');
    it_.handleTransportLost(90_000);
    expect(it_.next(90_000, false)).toEqual({ kind: 'replaceTransport', delayMs: 0 });
  });
});

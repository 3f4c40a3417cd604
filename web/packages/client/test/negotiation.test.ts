import { describe, expect, it } from 'vitest';
import { MidMap } from '../src/negotiation/MidMap.js';
import { NegotiationQueue, type SectionDemand } from '../src/negotiation/NegotiationQueue.js';
import { orderCodecs } from '../src/engine/codecOrder.js';

/** A run that ends when the test says so. */
function manual() {
  const runs: { demand: SectionDemand; end: () => void; fail: (error: Error) => void }[] = [];
  const queue = new NegotiationQueue(
    (demand) => new Promise<void>((end, fail) => runs.push({ demand, end, fail })),
  );
  return { queue, runs };
}

const settle = async () => {
  for (let i = 0; i < 10; i += 1) {
    await Promise.resolve();
  }
};

describe('the negotiation queue', () => {
  it('runs one negotiation at a time and joins what is asked meanwhile', async () => {
    const { queue, runs } = manual();
    const order: string[] = [];
    queue.request().then(() => order.push('first'));
    queue.request({ audio: 1, video: 0 }).then(() => order.push('second'));
    queue.request({ audio: 0, video: 2 }).then(() => order.push('third'));
    expect(runs.length).toBe(1);
    runs[0]!.end();
    await settle();
    expect(order).toEqual(['first']);
    expect(runs.length).toBe(2);
    expect(runs[1]!.demand).toEqual({ audio: 1, video: 2 });
    runs[1]!.end();
    await settle();
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('takes the largest of several demands, for each counts what is missing now', async () => {
    const { queue, runs } = manual();
    queue.hold();
    void queue.request({ audio: 1, video: 2 });
    void queue.request({ audio: 2, video: 1 });
    queue.release();
    expect(runs[0]!.demand).toEqual({ audio: 2, video: 2 });
  });

  it('waits while held', async () => {
    const { queue, runs } = manual();
    queue.hold();
    void queue.request();
    await settle();
    expect(runs.length).toBe(0);
    queue.release();
    expect(runs.length).toBe(1);
  });

  it('goes on after a failure, which only those who waited for it see', async () => {
    const { queue, runs } = manual();
    const first = queue.request();
    const second = queue.request();
    runs[0]!.fail(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await settle();
    runs[1]!.end();
    await expect(second).resolves.toBeUndefined();
  });

  it('rejects whoever waits when it is abandoned', async () => {
    const { queue, runs } = manual();
    void queue.request();
    const waiting = queue.request({ audio: 1, video: 1 });
    queue.abandon(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    runs[0]!.end();
    await settle();
    expect(runs.length).toBe(1);
  });
});

describe('the map of sections', () => {
  it('binds, keeps and releases tracks by the answers', () => {
    const map = new MidMap();
    expect(map.handleAnswer({ '0': 'TR_a', '3': 'TR_v' })).toEqual({
      bound: [{ mid: '0', trackSid: 'TR_a' }, { mid: '3', trackSid: 'TR_v' }],
      moved: [],
      released: [],
    });
    expect(map.handleAnswer({ '0': 'TR_a', '3': 'TR_w' })).toEqual({
      bound: [{ mid: '3', trackSid: 'TR_w' }],
      moved: [],
      released: ['TR_v'],
    });
    expect(map.midOf('TR_w')).toBe('3');
  });

  it('moves a track that goes on in another section', () => {
    const map = new MidMap();
    map.handleAnswer({ '1': 'TR_a' });
    expect(map.handleAnswer({ '2': 'TR_a' })).toEqual({ bound: [], moved: [{ mid: '2', trackSid: 'TR_a' }], released: [] });
  });

  it('moves every track to a new transport, though its section has the same name', () => {
    const map = new MidMap();
    map.handleAnswer({ '1': 'TR_a', '2': 'TR_b' });
    map.handleNewTransport();
    expect(map.handleAnswer({ '1': 'TR_a', '4': 'TR_c' })).toEqual({
      bound: [{ mid: '4', trackSid: 'TR_c' }],
      moved: [{ mid: '1', trackSid: 'TR_a' }],
      released: ['TR_b'],
    });
    expect(map.handleAnswer({ '1': 'TR_a', '4': 'TR_c' })).toEqual({ bound: [], moved: [], released: [] });
  });
});

describe('the order of codecs', () => {
  const codecs = [
    { mimeType: 'video/VP8' },
    { mimeType: 'video/rtx' },
    { mimeType: 'video/H264', sdpFmtpLine: 'profile-level-id=64001f;packetization-mode=1' },
    { mimeType: 'video/H264', sdpFmtpLine: 'profile-level-id=42e01f;packetization-mode=1' },
    { mimeType: 'video/AV1' },
  ];

  it('puts the preferred one first and keeps the rest', () => {
    expect(orderCodecs(codecs, 'av1').map((codec) => codec.mimeType)).toEqual([
      'video/AV1', 'video/VP8', 'video/rtx', 'video/H264', 'video/H264',
    ]);
  });

  it('prefers the H.264 profile that every browser encodes', () => {
    expect(orderCodecs(codecs, 'h264')[0]!.sdpFmtpLine).toContain('42e01f');
  });

  it('changes nothing when nobody has the preferred one', () => {
    expect(orderCodecs(codecs, 'vp9')).toEqual(codecs);
  });
});

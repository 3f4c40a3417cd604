import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalTrack, RoomEvent, type Room } from '../src/index.js';
import { settle } from './fakes/FakeClock.js';
import { FakeMediaTrack, FakePeerConnection } from './fakes/FakePeerConnection.js';
import { FakeServer } from './fakes/FakeServer.js';
import { participant, track } from './fakes/messages.js';

let server: FakeServer;
let told: string[];

function listen(room: Room): void {
  for (const event of Object.values(RoomEvent)) {
    room.on(event, (...args: unknown[]) => {
      const about = args.map(describeArg).filter((text) => text !== '').join(' ');
      told.push(`${event} ${about}`.trim());
    });
  }
}

function describeArg(arg: unknown): string {
  if (typeof arg === 'string') {
    return arg;
  }
  const thing = (arg ?? {}) as { trackSid?: string; identity?: string };
  return thing.trackSid ?? thing.identity ?? '';
}

async function connected(others = server.others): Promise<Room> {
  server.others = others;
  const room = server.room();
  listen(room);
  await room.connect('http://server', 'token');
  await settle();
  return room;
}

const camera = () =>
  new LocalTrack(new FakeMediaTrack('video') as unknown as MediaStreamTrack, 'camera', async () => {
    return new FakeMediaTrack('video') as unknown as MediaStreamTrack;
  });
const microphone = () =>
  new LocalTrack(new FakeMediaTrack('audio') as unknown as MediaStreamTrack, 'microphone', async () => {
    return new FakeMediaTrack('audio') as unknown as MediaStreamTrack;
  });

beforeEach(() => {
  server = new FakeServer();
  told = [];
  FakePeerConnection.next = 'connected';
});

describe('connecting', () => {
  it('offers three receiving sections of each kind inside the join', async () => {
    await connected();
    expect(server.calls).toEqual(['Join']);
    expect(server.offers[0]!.sdp.split('\n')).toEqual([...Array(3).fill('audio recvonly'), ...Array(3).fill('video recvonly')]);
  });

  it('tells Connected before the tracks of those who are there', async () => {
    const room = await connected([participant('ann', [track('TR_a')])]);
    expect(told).toEqual([
      'connectionStateChanged connecting',
      'connectionStateChanged connected',
      'connected',
      'trackSubscribed TR_a ann',
    ]);
    expect(room.remoteParticipants.get('ann')?.trackPublications.get('TR_a')?.isSubscribed).toBe(true);
    expect([room.name, room.sid, room.localParticipant.identity]).toEqual(['daily', 'RM_1', 'me']);
  });

  it('is refused with the server\'s error and can be tried again', async () => {
    server.refuse('Join', 'token_expired');
    const room = server.room();
    await expect(room.connect('http://server', 'token')).rejects.toMatchObject({ code: 'token_expired' });
    expect(room.state).toBe('disconnected');
    await room.connect('http://server', 'token');
    expect(room.state).toBe('connected');
  });

  it('gives up after 15 s when media finds no way', async () => {
    FakePeerConnection.next = 'connecting';
    const room = server.room();
    const outcome = expect(room.connect('http://server', 'token')).rejects.toMatchObject({ code: 'media_timeout' });
    await server.clock.pass(15_000);
    await outcome;
    expect(server.calls).toContain('post Leave');
    expect(server.peer.connectionState).toBe('closed');
  });

  it('gives up after 15 s when nobody answers', async () => {
    server.stuck.set('Join', []);
    const outcome = expect(server.room().connect('http://server', 'token')).rejects.toMatchObject({ code: 'timeout' });
    await server.clock.pass(15_000);
    await outcome;
  });

  it('can be called off', async () => {
    server.stuck.set('Join', []);
    const room = server.room();
    const outcome = expect(room.connect('http://server', 'token')).rejects.toMatchObject({ code: 'cancelled' });
    await settle();
    void room.disconnect();
    await outcome;
    expect(room.state).toBe('disconnected');
  });

  it('asks for more sections when the room is large', async () => {
    const others = Array.from({ length: 5 }, (_, i) => participant(`p${i}`, [track(`TR_${i}`)]));
    const room = await connected(others);
    expect(server.offers.map((offer) => offer.id)).toEqual([1, 2]);
    const subscribed = [...room.remoteParticipants.values()].filter((p) => p.getTrackPublication('camera')?.isSubscribed);
    expect(subscribed.length).toBe(5);
  });
});

describe('the others', () => {
  it('come, publish, mute and go, each told once and in order', async () => {
    const room = await connected();
    told = [];
    await server.tell({ joined: [participant('ann')] });
    server.others = [participant('ann', [track('TR_a')])];
    await server.tell({ updated: server.others });
    server.listener!.onNegotiationNeeded({ addAudioSections: 0, addVideoSections: 0 });
    await settle();
    await server.tell({ updated: [participant('ann', [track('TR_a', { muted: true })])] });
    await server.tell({ updated: [participant('ann', [track('TR_a', { muted: false })])] });
    await server.tell({ left: [participant('ann')] });
    expect(told).toEqual([
      'participantConnected ann',
      'trackPublished TR_a ann',
      'trackSubscribed TR_a ann',
      'trackMuted TR_a ann',
      'trackUnmuted TR_a ann',
      'trackUnsubscribed TR_a ann',
      'trackUnpublished TR_a ann',
      'participantDisconnected ann client_left',
    ]);
    expect(room.remoteParticipants.size).toBe(0);
  });

  it('are asked for anew after a gap', async () => {
    const room = await connected();
    server.others = [participant('ann'), participant('bob')];
    server.version = 5;
    await server.tell({ joined: [participant('bob')] });
    expect(server.calls).toContain('GetSnapshot');
    expect([...room.remoteParticipants.keys()]).toEqual(['ann', 'bob']);
  });

  it('are subscribed to and not as the app asks', async () => {
    const room = await connected([participant('ann', [track('TR_a')])]);
    const publication = room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!;
    publication.setSubscribed(false);
    server.unsubscribed.add('TR_a');
    server.listener!.onNegotiationNeeded({ addAudioSections: 0, addVideoSections: 0 });
    await settle();
    expect(server.calls).toContain('UpdateSubscriptions');
    expect(publication.isSubscribed).toBe(false);
    expect(told.filter((line) => line.startsWith('trackUnsubscribed'))).toEqual(['trackUnsubscribed TR_a ann']);
  });
});

describe('publishing', () => {
  it('announces, offers under the sid and tells', async () => {
    const room = await connected();
    const publication = await room.localParticipant.publishTrack(camera());
    expect(server.calls).toEqual(['Join', 'Publish', 'Offer']);
    expect(server.offers[1]).toMatchObject({ id: 2, publish: { '6': 'TR_own1' }, newTransport: false });
    expect(publication.trackSid).toBe('TR_own1');
    expect(room.localParticipant.isCameraEnabled).toBe(true);
    expect(told).toContain('localTrackPublished TR_own1 me');
  });

  it('puts two tracks into one offer when they come together', async () => {
    const room = await connected();
    await Promise.all([room.localParticipant.publishTrack(camera()), room.localParticipant.publishTrack(microphone())]);
    expect(Object.values(server.offers.at(-1)!.publish).sort()).toEqual(['TR_own1', 'TR_own2']);
    expect(server.offers.length).toBeLessThanOrEqual(3);
  });

  it('uses the section of an unpublished track again', async () => {
    const room = await connected();
    const first = camera();
    await room.localParticipant.publishTrack(first);
    await room.localParticipant.unpublishTrack(first);
    expect(server.offers.at(-1)!.publish).toEqual({});
    await room.localParticipant.publishTrack(camera());
    expect(server.peer.sections.length).toBe(7);
    expect(server.offers.at(-1)!.publish).toEqual({ '6': 'TR_own2' });
  });

  it('takes a refused track back', async () => {
    const room = await connected();
    server.refuse('Offer', 'invalid_sdp');
    await expect(room.localParticipant.publishTrack(camera())).rejects.toMatchObject({ code: 'invalid_sdp' });
    await settle();
    expect(server.own).toEqual([]);
    expect(server.peer.rollbacks).toBe(1);
    expect(room.localParticipant.trackPublications.size).toBe(0);
  });

  it('opens no device for a source that the token does not allow', async () => {
    const getUserMedia = vi.fn();
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
    server.permissions = { ...server.permissions, canPublish: false };
    const room = await connected();
    await expect(room.localParticipant.setCameraEnabled(true)).rejects.toMatchObject({ code: 'permission_denied' });
    server.permissions = { ...server.permissions, canPublish: true, canPublishSources: ['microphone'] };
    await server.tell({ updated: [server.self] });
    await expect(room.localParticipant.setCameraEnabled(true)).rejects.toMatchObject({ code: 'permission_denied' });
    expect(getUserMedia).not.toHaveBeenCalled();
    vi.unstubAllGlobals();
  });

  it('is bounded in sections however often a camera is published', async () => {
    const room = await connected();
    for (let i = 0; i < 20; i += 1) {
      const local = camera();
      await room.localParticipant.publishTrack(local);
      await room.localParticipant.unpublishTrack(local);
    }
    expect(server.peer.sections.length).toBe(7);
  });

  it('turns a muted camera off and on again', async () => {
    const room = await connected();
    const local = camera();
    await room.localParticipant.publishTrack(local);
    const before = local.mediaStreamTrack;
    await local.mute();
    await settle();
    expect(before.readyState).toBe('ended');
    expect(server.peer.sections[6]!.sender.track).toBeNull();
    expect(server.own[0]!.muted).toBe(true);
    await local.unmute();
    await settle();
    expect(local.mediaStreamTrack).not.toBe(before);
    expect(server.peer.sections[6]!.sender.track).toBe(local.mediaStreamTrack);
    expect(server.own[0]!.muted).toBe(false);
    expect(told.filter((line) => /track(Unm|M)uted/.test(line))).toEqual(['trackMuted TR_own1 me', 'trackUnmuted TR_own1 me']);
  });

  it('keeps a muted microphone open', async () => {
    const room = await connected();
    const local = microphone();
    await room.localParticipant.publishTrack(local);
    await local.mute();
    expect([local.mediaStreamTrack.readyState, local.mediaStreamTrack.enabled]).toEqual(['live', false]);
    expect(room.localParticipant.isMicrophoneEnabled).toBe(false);
  });

  it('waits for signaling that is away', async () => {
    const room = await connected();
    server.reachable = false;
    await server.loseSignal();
    const publishing = room.localParticipant.publishTrack(camera());
    await server.clock.pass(1000);
    server.reachable = true;
    await server.clock.pass(5000);
    await expect(publishing).resolves.toMatchObject({ trackSid: 'TR_own1' });
  });

  it('survives a connection that breaks under its offer', async () => {
    const room = await connected();
    server.stuck.set('Offer', []);
    const publishing = room.localParticipant.publishTrack(camera());
    await settle();
    const stuck = server.stuck.get('Offer')!;
    server.stuck.delete('Offer');
    await server.loseSignal();
    stuck.forEach((release) => release());
    await server.clock.pass(5000);
    await expect(publishing).resolves.toMatchObject({ trackSid: 'TR_own1' });
    expect(server.own.map((info) => info.sid)).toEqual(['TR_own1']);
    expect(server.offers.at(-1)!.publish).toEqual({ '6': 'TR_own1' });
  });
});

describe('who speaks', () => {
  const sound = { kind: 'audio', source: 'microphone' } as const;

  it('is told from the energy received between two looks', async () => {
    const room = await connected([participant('ann', [track('TR_a', sound)]), participant('bob', [track('TR_b', sound)])]);
    const [ann] = server.peer.sections.filter((section) => section.receiver.track.kind === 'audio');
    await server.clock.pass(250);
    ann!.receiver.energy += 0.01;
    await server.clock.pass(250);
    expect(room.activeSpeakers.map(({ identity }) => identity)).toEqual(['ann']);
    expect(room.remoteParticipants.get('ann')!.isSpeaking).toBe(true);
    await server.clock.pass(2000);
    expect(room.activeSpeakers).toEqual([]);
    expect(told.filter((line) => line.startsWith('activeSpeakersChanged')).length).toBe(2);
  });

  it('is ourselves, too, where the statistics do not tell; the meter is closed with the microphone and with the room', async () => {
    const room = await connected();
    const local = microphone();
    await room.localParticipant.publishTrack(local);
    server.ownLevel = 0.3;
    await server.clock.pass(500);
    expect(room.activeSpeakers.map(({ identity }) => identity)).toEqual(['me']);
    expect(room.localParticipant.audioLevel).toBe(0.3);
    expect(server.openMeters).toBe(1);
    await local.mute();
    await server.clock.pass(2000);
    expect([room.activeSpeakers, server.openMeters]).toEqual([[], 0]);
    await local.unmute();
    await server.clock.pass(500);
    await room.disconnect();
    expect(server.openMeters).toBe(0);
  });
});

describe('lost signaling', () => {
  it('is resumed over a new connection, media untouched', async () => {
    const room = await connected([participant('ann', [track('TR_a')])]);
    const remote = room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!.track;
    told = [];
    server.others = [...server.others, participant('bob')];
    server.version += 1;
    await server.loseSignal();
    await server.clock.pass(1);
    expect(told).toEqual([
      'connectionStateChanged signalReconnecting',
      'signalReconnecting',
      'participantConnected bob',
      'connectionStateChanged connected',
      'reconnected',
    ]);
    expect(server.peers.length).toBe(1);
    expect(room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!.track).toBe(remote);
  });

  it('is tried for as long as media flows', async () => {
    const room = await connected();
    server.reachable = false;
    await server.loseSignal();
    await server.clock.pass(300_000);
    expect(room.state).toBe('signalReconnecting');
    server.reachable = true;
    await server.clock.pass(10_000);
    expect(room.state).toBe('connected');
  });

  it('is tried at once when the network comes back', async () => {
    const room = await connected();
    server.reachable = false;
    await server.loseSignal();
    await server.clock.pass(20_000);
    server.reachable = true;
    server.page.dispatchEvent(new Event('online'));
    await settle();
    expect(room.state).toBe('connected');
  });

  it('leads to a rejoin when the server has forgotten us; tracks go on under new sids', async () => {
    const room = await connected([participant('ann', [track('TR_a')])]);
    await room.localParticipant.publishTrack(camera());
    const remote = room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!.track!;
    const oldBrowserTrack = remote.mediaStreamTrack;
    told = [];
    server.own = [];
    server.incarnation = 2;
    server.version = 1;
    server.refuse('Resume', 'resume_refused');
    await server.loseSignal();
    await server.clock.pass(100);
    expect(told.filter((line) => !line.startsWith('connectionState'))).toEqual([
      'signalReconnecting',
      'reconnecting',
      'reconnected',
    ]);
    expect([...room.localParticipant.trackPublications.keys()]).toEqual(['TR_own2']);
    expect(server.offers.at(-1)!.publish).toEqual({ '6': 'TR_own2' });
    expect(room.localParticipant.sid).toBe('PA_me2');
    expect(room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!.track).toBe(remote);
    expect(remote.mediaStreamTrack).not.toBe(oldBrowserTrack);
  });

  it('ends the room when the token has expired meanwhile', async () => {
    const room = await connected();
    server.refuse('Resume', 'resume_refused');
    server.refuse('Join', 'token_expired');
    const ended = vi.fn();
    room.on(RoomEvent.Disconnected, ended);
    await server.loseSignal();
    await server.clock.pass(100);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(ended.mock.calls[0]![1]).toMatchObject({ code: 'token_expired' });
    expect(room.state).toBe('disconnected');
  });

  it('tells the server again what was muted meanwhile', async () => {
    const room = await connected();
    const local = microphone();
    await room.localParticipant.publishTrack(local);
    server.reachable = false;
    await server.loseSignal();
    await local.mute();
    server.reachable = true;
    await server.clock.pass(5000);
    expect(server.own[0]!.muted).toBe(true);
  });
});

describe('lost media', () => {
  it('gets a new peer connection with all tracks; remote tracks stay the same objects', async () => {
    const room = await connected([participant('ann', [track('TR_a')])]);
    await room.localParticipant.publishTrack(camera());
    const remote = room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!.track!;
    const before = remote.mediaStreamTrack;
    told = [];
    server.listener!.onTransportLost({ reason: 'node lost' });
    await settle();
    expect(told).toEqual([
      'connectionStateChanged reconnecting',
      'reconnecting',
      'connectionStateChanged connected',
      'reconnected',
    ]);
    expect(server.peers.length).toBe(2);
    expect(server.peers[0]!.connectionState).toBe('closed');
    expect(server.offers.at(-1)).toMatchObject({ id: 3, newTransport: true, publish: { '6': 'TR_own1' } });
    expect(room.remoteParticipants.get('ann')!.trackPublications.get('TR_a')!.track).toBe(remote);
    expect(remote.mediaStreamTrack).not.toBe(before);
  });

  it('waits for another media node for up to 60 s', async () => {
    const room = await connected();
    server.refuse('Offer', ...Array<'no_media_node'>(4).fill('no_media_node'));
    server.listener!.onTransportLost({ reason: 'node lost' });
    await server.clock.pass(30_000);
    expect(room.state).toBe('connected');
    expect(server.calls.filter((call) => call === 'Offer').length).toBe(5);
  });

  it('ends the room when there is none', async () => {
    const room = await connected();
    server.refuse('Offer', ...Array<'no_media_node'>(100).fill('no_media_node'));
    server.listener!.onTransportLost({ reason: 'node lost' });
    await server.clock.pass(90_000);
    expect(room.state).toBe('disconnected');
    expect(told.at(-1)).toBe('disconnected connection_timeout');
  });

  it('is noticed by a failed peer connection', async () => {
    const room = await connected();
    server.peer.become('failed');
    await settle();
    expect(server.peers.length).toBe(2);
    expect(room.state).toBe('connected');
  });

  it('is believed after 5 s of silence, not before', async () => {
    await connected();
    server.peer.become('disconnected');
    await server.clock.pass(4999);
    expect(server.peers.length).toBe(1);
    await server.clock.pass(1);
    expect(server.peers.length).toBe(2);
  });

  it('was a hiccup when the path comes back', async () => {
    await connected();
    server.peer.become('disconnected');
    await server.clock.pass(3000);
    server.peer.become('connected');
    await server.clock.pass(30_000);
    expect(server.peers.length).toBe(1);
    expect(told).not.toContain('reconnecting');
  });

  it('is mended after signaling when both are lost', async () => {
    const room = await connected();
    server.reachable = false;
    await server.loseSignal();
    server.peer.become('failed');
    await server.clock.pass(3000);
    expect(room.state).toBe('reconnecting');
    server.resumeAnswer = { transportLost: true, negotiationNeeded: false };
    server.reachable = true;
    await server.clock.pass(10_000);
    expect(room.state).toBe('connected');
    expect(server.offers.at(-1)!.newTransport).toBe(true);
    expect(told.filter((line) => line === 'reconnecting').length).toBe(1);
    expect(told.filter((line) => line === 'reconnected').length).toBe(1);
  });
});

describe('the end', () => {
  it('is told once, with devices off and the server informed', async () => {
    const room = await connected([participant('ann', [track('TR_a')])]);
    const local = camera();
    await room.localParticipant.publishTrack(local);
    await room.disconnect();
    expect(server.calls.at(-1)).toBe('Leave');
    expect(local.mediaStreamTrack.readyState).toBe('ended');
    expect(told.filter((line) => line.startsWith('disconnected'))).toEqual(['disconnected client_left']);
    expect([room.state, room.remoteParticipants.size]).toEqual(['disconnected', 0]);
    await server.clock.pass(60_000);
    expect(server.peers.length).toBe(1);
  });

  it('is the server\'s word', async () => {
    const room = await connected();
    server.listener!.onDisconnected({ reason: 'duplicate_identity' });
    await settle();
    expect(told.at(-1)).toBe('disconnected duplicate_identity');
    expect(room.state).toBe('disconnected');
  });

  it('is said when the page goes away', async () => {
    await connected();
    server.page.dispatchEvent(new Event('pagehide'));
    expect(server.calls.at(-1)).toBe('post Leave');
  });

  it('leaves the room ready to be joined again', async () => {
    const room = await connected();
    await room.disconnect();
    await room.connect('http://server', 'token');
    expect(room.state).toBe('connected');
  });
});

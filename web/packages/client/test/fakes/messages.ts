import type { ParticipantInfo, RoomChange, RoomState, TrackInfo } from '../../src/signal/contract.js';

export function track(sid: string, with_: Partial<TrackInfo> = {}): TrackInfo {
  return { sid, kind: 'video', source: 'camera', name: 'camera', muted: false, width: 640, height: 360, mimeType: '', ...with_ };
}

export function participant(identity: string, tracks: TrackInfo[] = [], sid = `PA_${identity}`): ParticipantInfo {
  return {
    sid,
    identity,
    name: identity,
    metadata: '',
    joinedAt: '2026-01-01T00:00:00Z',
    permissions: { canPublish: true, canSubscribe: true, canPublishData: true, canPublishSources: [] },
    tracks,
    kind: 'standard',
  };
}

export function roomState(version: number, ...participants: ParticipantInfo[]): RoomState {
  return { sid: 'RM_1', name: 'daily', version, createdAt: '2026-01-01T00:00:00Z', participants };
}

export function change(
  version: number,
  parts: { joined?: ParticipantInfo[]; updated?: ParticipantInfo[]; left?: ParticipantInfo[] },
): RoomChange {
  return {
    version,
    joined: parts.joined ?? [],
    updated: parts.updated ?? [],
    left: (parts.left ?? []).map(({ sid, identity }) => ({ sid, identity, reason: 'client_left' })),
  };
}

/** Enough of RTCPeerConnection for the SDK: sections with mids, offers and answers by state, a connection state to set. */
export class FakeMediaTrack extends EventTarget {
  static made = 0;
  readonly id = `track${(FakeMediaTrack.made += 1)}`;
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  contentHint = '';

  constructor(readonly kind: 'audio' | 'video') {
    super();
  }

  stop(): void {
    this.readyState = 'ended';
  }

  getSettings(): MediaTrackSettings {
    return this.kind === 'video' ? { width: 1280, height: 720 } : {};
  }
}

export interface FakeSection {
  mid: string | null;
  direction: string;
  currentDirection: string | null;
  sender: { getStats(): Promise<Map<string, unknown>>; track: unknown; replaceTrack(track: unknown): Promise<void>; getParameters(): object; setParameters(): Promise<void> };
  receiver: { track: FakeMediaTrack; energy: number; getStats(): Promise<Map<string, unknown>> };
}

export class FakePeerConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  localDescription: { type: string; sdp: string } | null = null;
  readonly sections: FakeSection[] = [];
  rollbacks = 0;
  private static seconds = 0;
  /** What the state becomes with the first answer. */
  static next: RTCPeerConnectionState = 'connected';

  addTransceiver(trackOrKind: unknown, init: { direction: string }): FakeSection {
    const kind = typeof trackOrKind === 'string' ? trackOrKind : (trackOrKind as FakeMediaTrack).kind;
    const section: FakeSection = {
      mid: null,
      direction: init.direction,
      currentDirection: null,
      sender: {
        track: typeof trackOrKind === 'string' ? null : trackOrKind,
        async replaceTrack(track) {
          this.track = track;
        },
        getStats: async () => new Map([['source', { type: 'media-source', kind }]]),
        getParameters: () => ({ encodings: [{}] }),
        setParameters: async () => undefined,
      },
      receiver: {
        track: new FakeMediaTrack(kind as 'audio' | 'video'),
        energy: 0,
        async getStats() {
          FakePeerConnection.seconds += 0.25;
          return new Map([
            ['in', { type: 'inbound-rtp', totalAudioEnergy: this.energy, totalSamplesDuration: FakePeerConnection.seconds }],
          ]);
        },
      },
    };
    this.sections.push(section);
    return section;
  }

  getTransceivers(): FakeSection[] {
    return this.sections;
  }

  async createOffer(): Promise<{ type: string; sdp: string }> {
    return { type: 'offer', sdp: this.sections.map((s) => `${s.receiver.track.kind} ${s.direction}`).join('\n') };
  }

  async setLocalDescription(description: { type: string; sdp?: string }): Promise<void> {
    if (description.type === 'rollback') {
      this.rollbacks += 1;
      this.signalingState = 'stable';
      return;
    }
    this.sections.forEach((section, index) => (section.mid ??= String(index)));
    this.localDescription = { type: 'offer', sdp: description.sdp ?? '' };
    this.signalingState = 'have-local-offer';
  }

  async setRemoteDescription(): Promise<void> {
    if (this.signalingState !== 'have-local-offer') {
      throw new Error('an answer without an offer');
    }
    this.signalingState = 'stable';
    this.sections.forEach((section) => (section.currentDirection = section.direction));
    if (this.connectionState === 'new') {
      this.become(FakePeerConnection.next);
    }
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  async getStats(): Promise<Map<string, unknown>> {
    return new Map();
  }

  close(): void {
    this.connectionState = 'closed';
    this.signalingState = 'closed';
  }
}

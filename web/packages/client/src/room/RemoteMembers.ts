import type { BindingChange } from '../negotiation/MidMap.js';
import { RemoteParticipant } from '../participant/RemoteParticipant.js';
import { RemoteTrackPublication } from '../publication/TrackPublication.js';
import type { RosterEvent } from '../roster/Roster.js';
import type { DisconnectReason, TrackInfo } from '../signal/contract.js';
import { RemoteTrack } from '../track/RemoteTrack.js';
import type { AudioPlayback } from './AudioPlayback.js';
import { ParticipantEvent, RoomEvent } from './events.js';
import type { Room } from './Room.js';

/** The other participants as objects: takes roster events and bindings, tells the room's events. */
export class RemoteMembers {
  readonly byIdentity = new Map<string, RemoteParticipant>();
  /** Receivers of tracks: they may be known before the track's publication is, and the reverse. */
  private readonly receivers = new Map<string, RTCRtpReceiver>();

  constructor(
    private readonly room: Room,
    private readonly playback: AudioPlayback,
    private readonly ask: (trackSid: string, subscribe: boolean) => void,
  ) {}

  receivedCount(): { audio: number; video: number } {
    const received = this.all().filter(({ publication }) => publication.track !== undefined);
    const audio = received.filter(({ publication }) => publication.kind === 'audio').length;
    return { audio, video: received.length - audio };
  }

  /** `quietly` fills the maps without telling, for those who were there before us. */
  apply(event: RosterEvent, quietly: boolean): void {
    switch (event.type) {
      case 'joined':
        this.join(event, quietly);
        break;
      case 'left':
        this.leave(event.participant.sid, event.participant.identity, event.reason);
        break;
      case 'updated':
        this.member(event)?.updateInfo(event.participant);
        break;
      case 'trackPublished':
        this.publish(event, event.track, quietly);
        break;
      case 'trackUnpublished':
        this.unpublish(event, event.track.sid);
        break;
      case 'trackUpdated':
        this.updateTrack(event, event.track);
        break;
    }
  }

  handleBindings(change: BindingChange, receiverOf: (mid: string) => RTCRtpReceiver | undefined): void {
    for (const trackSid of change.released) {
      this.receivers.delete(trackSid);
      const found = this.find(trackSid);
      if (found !== undefined) {
        this.unsubscribe(found.participant, found.publication);
      }
    }
    for (const { mid, trackSid } of [...change.moved, ...change.bound]) {
      const receiver = receiverOf(mid);
      if (receiver !== undefined) {
        this.receivers.set(trackSid, receiver);
        const found = this.find(trackSid);
        if (found !== undefined) {
          this.subscribe(found.participant, found.publication, receiver);
        }
      }
    }
  }

  /** After a new connection the server learns again which tracks the app did or did not want. */
  repeatWishes(): void {
    for (const { publication } of this.all()) {
      if (publication.desired !== undefined && publication.desired !== publication.isSubscribed) {
        this.ask(publication.trackSid, publication.desired);
      }
    }
  }

  clear(): void {
    for (const participant of [...this.byIdentity.values()]) {
      this.leave(participant.sid, participant.identity, 'unknown', true);
    }
    this.receivers.clear();
  }

  private join({ participant: info }: RosterEvent, quietly: boolean): void {
    const former = this.byIdentity.get(info.identity);
    if (former !== undefined) {
      this.leave(former.sid, former.identity, 'duplicate_identity');
    }
    const participant = new RemoteParticipant();
    participant.updateInfo(info);
    this.byIdentity.set(info.identity, participant);
    this.relay(participant);
    if (!quietly) {
      this.room.emit(RoomEvent.ParticipantConnected, participant);
    }
  }

  private leave(sid: string, identity: string, reason: DisconnectReason, quietly = false): void {
    const participant = this.byIdentity.get(identity);
    if (participant === undefined || participant.sid !== sid) {
      return;
    }
    for (const publication of participant.getTrackPublications()) {
      this.retire(participant, publication, quietly);
    }
    this.byIdentity.delete(identity);
    if (!quietly) {
      this.room.emit(RoomEvent.ParticipantDisconnected, participant, reason);
    }
  }

  private publish(event: RosterEvent, info: TrackInfo, quietly: boolean): void {
    const participant = this.member(event);
    if (participant === undefined || participant.trackPublications.has(info.sid)) {
      return;
    }
    const publication = new RemoteTrackPublication(info, this.ask);
    participant.trackPublications.set(info.sid, publication);
    if (!quietly) {
      participant.emit(ParticipantEvent.TrackPublished, publication);
      this.room.emit(RoomEvent.TrackPublished, publication, participant);
    }
    const receiver = this.receivers.get(info.sid);
    if (receiver !== undefined) {
      this.subscribe(participant, publication, receiver);
    }
  }

  private unpublish(event: RosterEvent, trackSid: string): void {
    const participant = this.member(event);
    const publication = participant?.trackPublications.get(trackSid);
    if (participant !== undefined && publication !== undefined) {
      this.retire(participant, publication, false);
    }
  }

  private retire(participant: RemoteParticipant, publication: RemoteTrackPublication, quietly: boolean): void {
    this.unsubscribe(participant, publication);
    participant.trackPublications.delete(publication.trackSid);
    if (!quietly) {
      participant.emit(ParticipantEvent.TrackUnpublished, publication);
      this.room.emit(RoomEvent.TrackUnpublished, publication, participant);
    }
  }

  private updateTrack(event: RosterEvent, info: TrackInfo): void {
    const participant = this.member(event);
    const publication = participant?.trackPublications.get(info.sid);
    if (participant === undefined || publication === undefined) {
      return;
    }
    const wasMuted = publication.isMuted;
    publication.update(info);
    publication.track?.setMuted(info.muted);
    if (wasMuted !== info.muted) {
      participant.emit(info.muted ? ParticipantEvent.TrackMuted : ParticipantEvent.TrackUnmuted, publication);
      this.room.emit(info.muted ? RoomEvent.TrackMuted : RoomEvent.TrackUnmuted, publication, participant);
    }
  }

  private subscribe(participant: RemoteParticipant, publication: RemoteTrackPublication, receiver: RTCRtpReceiver): void {
    if (publication.track !== undefined) {
      publication.track.setReceiver(receiver);
      return;
    }
    const info: TrackInfo = {
      sid: publication.trackSid,
      kind: publication.kind,
      source: publication.source,
      name: publication.trackName,
      muted: publication.isMuted,
      width: 0,
      height: 0,
      mimeType: publication.mimeType,
    };
    const track = new RemoteTrack(info, receiver);
    publication.track = track;
    this.playback.add(track);
    participant.emit(ParticipantEvent.TrackSubscribed, track, publication);
    this.room.emit(RoomEvent.TrackSubscribed, track, publication, participant);
  }

  private unsubscribe(participant: RemoteParticipant, publication: RemoteTrackPublication): void {
    const track = publication.track;
    if (track === undefined) {
      return;
    }
    publication.track = undefined;
    track.release();
    this.playback.remove(track);
    participant.emit(ParticipantEvent.TrackUnsubscribed, track, publication);
    this.room.emit(RoomEvent.TrackUnsubscribed, track, publication, participant);
  }

  private relay(participant: RemoteParticipant): void {
    participant
      .on(ParticipantEvent.ParticipantMetadataChanged, (old) =>
        this.room.emit(RoomEvent.ParticipantMetadataChanged, old, participant),
      )
      .on(ParticipantEvent.ParticipantNameChanged, (name) =>
        this.room.emit(RoomEvent.ParticipantNameChanged, name, participant),
      )
      .on(ParticipantEvent.ParticipantPermissionsChanged, (old) =>
        this.room.emit(RoomEvent.ParticipantPermissionsChanged, old, participant),
      );
  }

  private member(event: RosterEvent): RemoteParticipant | undefined {
    const participant = this.byIdentity.get(event.participant.identity);
    return participant?.sid === event.participant.sid ? participant : undefined;
  }

  private find(trackSid: string): { participant: RemoteParticipant; publication: RemoteTrackPublication } | undefined {
    return this.all().find(({ publication }) => publication.trackSid === trackSid);
  }

  private all(): { participant: RemoteParticipant; publication: RemoteTrackPublication }[] {
    return [...this.byIdentity.values()].flatMap((participant) =>
      participant.getTrackPublications().map((publication) => ({ participant, publication })),
    );
  }
}

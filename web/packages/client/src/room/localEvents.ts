import { ParticipantEvent, RoomEvent } from './events.js';
import type { Room } from './Room.js';

/** What happens to our own participant is told by the room, too. */
export function relayLocalEvents(room: Room): void {
  const local = room.localParticipant;
  local
    .on(ParticipantEvent.LocalTrackPublished, (publication) => room.emit(RoomEvent.LocalTrackPublished, publication, local))
    .on(ParticipantEvent.LocalTrackUnpublished, (gone) => room.emit(RoomEvent.LocalTrackUnpublished, gone, local))
    .on(ParticipantEvent.TrackMuted, (publication) => room.emit(RoomEvent.TrackMuted, publication, local))
    .on(ParticipantEvent.TrackUnmuted, (publication) => room.emit(RoomEvent.TrackUnmuted, publication, local))
    .on(ParticipantEvent.ParticipantMetadataChanged, (old) => room.emit(RoomEvent.ParticipantMetadataChanged, old, local))
    .on(ParticipantEvent.ParticipantNameChanged, (name) => room.emit(RoomEvent.ParticipantNameChanged, name, local))
    .on(ParticipantEvent.ParticipantPermissionsChanged, (old) => room.emit(RoomEvent.ParticipantPermissionsChanged, old, local))
    .on(ParticipantEvent.MediaDevicesError, (error, failure) => room.emit(RoomEvent.MediaDevicesError, error, failure));
}

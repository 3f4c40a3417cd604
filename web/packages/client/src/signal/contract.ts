// Generated from src/Edge/RtcPlatform.Signaling/Contract by tools/RtcPlatform.ContractGen. Not edited by hand.

export type DisconnectReason =
  | 'unknown'
  | 'client_left'
  | 'duplicate_identity'
  | 'server_shutdown'
  | 'participant_removed'
  | 'room_closed'
  | 'connection_timeout'
  | 'media_failed';

export type ParticipantKind =
  | 'standard'
  | 'ingress'
  | 'viewer';

export type SignalErrorCode =
  | 'internal'
  | 'invalid_request'
  | 'invalid_token'
  | 'token_expired'
  | 'permission_denied'
  | 'not_joined'
  | 'already_joined'
  | 'room_full'
  | 'room_mismatch'
  | 'invalid_sdp'
  | 'stale_offer'
  | 'track_not_found'
  | 'resume_refused'
  | 'no_media_node'
  | 'media_node_lost'
  | 'too_large'
  | 'limit_exceeded';

export type TrackKind =
  | 'audio'
  | 'video';

export type TrackSource =
  | 'unknown'
  | 'camera'
  | 'microphone'
  | 'screen_share'
  | 'screen_share_audio';

export interface Answer {
  readonly id: number;
  readonly sdp: string;
  readonly midToTrack: Readonly<Record<string, string>>;
  readonly missingAudioSections: number;
  readonly missingVideoSections: number;
}

export interface ClientInfo {
  readonly sdk: string;
  readonly version: string;
  readonly userAgent?: string | null;
}

export interface Disconnection {
  readonly reason: DisconnectReason;
}

export interface IceCandidate {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
}

export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string | null;
  readonly credential: string | null;
}

export interface JoinRequest {
  readonly token: string;
  readonly room?: string | null;
  readonly autoSubscribe: boolean;
  readonly offer?: SessionOffer | null;
  readonly client: ClientInfo;
}

export interface JoinResponse {
  readonly room: RoomState;
  readonly participant: ParticipantInfo;
  readonly resumeToken: string;
  readonly answer: Answer | null;
  readonly iceServers: readonly IceServer[];
  readonly server: ServerInfo;
}

export interface MuteRequest {
  readonly trackSid: string;
  readonly muted: boolean;
}

export interface NegotiationRequest {
  readonly addAudioSections: number;
  readonly addVideoSections: number;
}

export interface OfferRequest {
  readonly offer: SessionOffer;
  readonly newTransport: boolean;
}

export interface ParticipantDeparture {
  readonly sid: string;
  readonly identity: string;
  readonly reason: DisconnectReason;
}

export interface ParticipantInfo {
  readonly sid: string;
  readonly identity: string;
  readonly name: string;
  readonly metadata: string;
  readonly joinedAt: string;
  readonly permissions: Permissions;
  readonly tracks: readonly TrackInfo[];
  readonly kind: ParticipantKind;
}

export interface Permissions {
  readonly canPublish: boolean;
  readonly canSubscribe: boolean;
  readonly canPublishData: boolean;
  readonly canPublishSources: readonly TrackSource[];
}

export interface PublishRequest {
  readonly kind: TrackKind;
  readonly source: TrackSource;
  readonly name: string;
  readonly muted: boolean;
  readonly width: number;
  readonly height: number;
}

export interface ResumeRequest {
  readonly token: string;
  readonly participantSid: string;
  readonly resumeToken: string;
  readonly version: number;
}

export interface ResumeResponse {
  readonly room: RoomState;
  readonly participant: ParticipantInfo;
  readonly transportLost: boolean;
  readonly negotiationNeeded: boolean;
}

export interface RoomChange {
  readonly version: number;
  readonly joined: readonly ParticipantInfo[];
  readonly updated: readonly ParticipantInfo[];
  readonly left: readonly ParticipantDeparture[];
}

export interface RoomState {
  readonly sid: string;
  readonly name: string;
  readonly version: number;
  readonly createdAt: string;
  readonly participants: readonly ParticipantInfo[];
}

export interface ServerInfo {
  readonly version: string;
  readonly nodeId: string;
}

export interface SessionOffer {
  readonly id: number;
  readonly sdp: string;
  readonly publish: Readonly<Record<string, string>>;
}

export interface SignalFailure {
  readonly code: SignalErrorCode;
  readonly message: string;
}

export interface SubscriptionRequest {
  readonly trackSids: readonly string[];
  readonly subscribe: boolean;
}

export interface TrackInfo {
  readonly sid: string;
  readonly kind: TrackKind;
  readonly source: TrackSource;
  readonly name: string;
  readonly muted: boolean;
  readonly width: number;
  readonly height: number;
  readonly mimeType: string;
}

export interface TrackRef {
  readonly trackSid: string;
}

export interface TransportLoss {
  readonly reason: string;
}

/** What a client may say. The keys are the names on the wire. */
export interface RoomHub {
  Join(request: JoinRequest): Promise<JoinResponse>;
  Resume(request: ResumeRequest): Promise<ResumeResponse>;
  Offer(request: OfferRequest): Promise<Answer>;
  Candidate(candidate: IceCandidate): Promise<void>;
  Publish(request: PublishRequest): Promise<TrackInfo>;
  Unpublish(track: TrackRef): Promise<void>;
  SetMuted(request: MuteRequest): Promise<void>;
  UpdateSubscriptions(request: SubscriptionRequest): Promise<void>;
  GetSnapshot(): Promise<RoomState>;
  Leave(): Promise<void>;
}

export const roomHubMethods = [
  'Join',
  'Resume',
  'Offer',
  'Candidate',
  'Publish',
  'Unpublish',
  'SetMuted',
  'UpdateSubscriptions',
  'GetSnapshot',
  'Leave',
] as const satisfies readonly (keyof RoomHub)[];

/** What a client is told. The keys are the names on the wire. */
export interface RoomClient {
  RoomChanged(change: RoomChange): void;
  NegotiationNeeded(request: NegotiationRequest): void;
  TransportLost(loss: TransportLoss): void;
  Disconnected(disconnection: Disconnection): void;
}

export const roomClientMethods = [
  'RoomChanged',
  'NegotiationNeeded',
  'TransportLost',
  'Disconnected',
] as const satisfies readonly (keyof RoomClient)[];

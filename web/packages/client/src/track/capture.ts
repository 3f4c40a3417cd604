import { LocalTrack } from './LocalTrack.js';
import {
  VideoPresets,
  type AudioCaptureOptions,
  type ScreenShareCaptureOptions,
  type VideoCaptureOptions,
} from './options.js';

export interface CreateLocalTracksOptions {
  /** Default true. */
  audio?: boolean | AudioCaptureOptions;
  /** Default true. */
  video?: boolean | VideoCaptureOptions;
}

/** Asks for camera and microphone together, so that people are asked once. Rejects with the error of `getUserMedia`. */
export async function createLocalTracks(options: CreateLocalTracksOptions = {}): Promise<LocalTrack[]> {
  const audio = options.audio ?? true;
  const video = options.video ?? true;
  const audioOptions = typeof audio === 'object' ? audio : {};
  const videoOptions = typeof video === 'object' ? video : {};
  const stream = await devices().getUserMedia({
    audio: audio === false ? false : audioConstraints(audioOptions),
    video: video === false ? false : videoConstraints(videoOptions),
  });
  return stream.getTracks().map((track) =>
    track.kind === 'audio'
      ? new LocalTrack(track, 'microphone', (deviceId) => openMicrophone(withDevice(audioOptions, deviceId)))
      : new LocalTrack(track, 'camera', (deviceId) => openCamera(withDevice(videoOptions, deviceId))),
  );
}

export async function createLocalVideoTrack(options: VideoCaptureOptions = {}): Promise<LocalTrack> {
  return new LocalTrack(await openCamera(options), 'camera', (deviceId) => openCamera(withDevice(options, deviceId)));
}

export async function createLocalAudioTrack(options: AudioCaptureOptions = {}): Promise<LocalTrack> {
  return new LocalTrack(await openMicrophone(options), 'microphone', (deviceId) =>
    openMicrophone(withDevice(options, deviceId)),
  );
}

/** The screen, and its sound when asked for and given. */
export async function createLocalScreenTracks(options: ScreenShareCaptureOptions = {}): Promise<LocalTrack[]> {
  const size = options.resolution ?? { width: 1920, height: 1080, frameRate: 15 };
  const stream = await devices().getDisplayMedia({
    video: { width: { max: size.width }, height: { max: size.height }, frameRate: { ideal: size.frameRate ?? 15 } },
    audio: options.audio ?? false,
  });
  return stream.getTracks().map((track) => {
    if (track.kind === 'video') {
      track.contentHint = options.contentHint ?? 'detail';
      return new LocalTrack(track, 'screen_share');
    }
    return new LocalTrack(track, 'screen_share_audio');
  });
}

async function openCamera(options: VideoCaptureOptions): Promise<MediaStreamTrack> {
  const stream = await devices().getUserMedia({ video: videoConstraints(options) });
  return onlyTrack(stream.getVideoTracks());
}

async function openMicrophone(options: AudioCaptureOptions): Promise<MediaStreamTrack> {
  const stream = await devices().getUserMedia({ audio: audioConstraints(options) });
  return onlyTrack(stream.getAudioTracks());
}

function onlyTrack(tracks: MediaStreamTrack[]): MediaStreamTrack {
  const track = tracks[0];
  if (track === undefined) {
    throw new DOMException('The browser gave no track.', 'NotFoundError');
  }
  return track;
}

function withDevice<T extends { deviceId?: ConstrainDOMString }>(options: T, deviceId: string | undefined): T {
  return deviceId === undefined ? options : { ...options, deviceId: { exact: deviceId } };
}

function videoConstraints(options: VideoCaptureOptions): MediaTrackConstraints {
  const size = options.resolution ?? VideoPresets.h720;
  return {
    width: { ideal: size.width },
    height: { ideal: size.height },
    frameRate: { ideal: size.frameRate ?? 30 },
    ...(options.deviceId === undefined ? {} : { deviceId: options.deviceId }),
    ...(options.facingMode === undefined ? {} : { facingMode: options.facingMode }),
  };
}

function audioConstraints(options: AudioCaptureOptions): MediaTrackConstraints {
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...options };
}

/** Pages outside of https and localhost have no `mediaDevices`, which deserves a better error than "undefined". */
function devices(): MediaDevices {
  const found: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
  if (found === undefined) {
    throw new DOMException('Cameras and microphones are available on https pages only.', 'SecurityError');
  }
  return found;
}

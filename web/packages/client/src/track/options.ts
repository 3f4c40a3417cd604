export type VideoCodec = 'vp8' | 'vp9' | 'h264' | 'av1';

export interface VideoResolution {
  width: number;
  height: number;
  frameRate?: number;
}

/** Sizes that cameras have. */
export const VideoPresets = {
  h180: { width: 320, height: 180, frameRate: 15 },
  h360: { width: 640, height: 360, frameRate: 30 },
  h540: { width: 960, height: 540, frameRate: 30 },
  h720: { width: 1280, height: 720, frameRate: 30 },
  h1080: { width: 1920, height: 1080, frameRate: 30 },
} as const satisfies Record<string, VideoResolution>;

export interface VideoCaptureOptions {
  deviceId?: ConstrainDOMString;
  facingMode?: 'user' | 'environment';
  /** Default 720p at 30 frames per second. */
  resolution?: VideoResolution;
}

export interface AudioCaptureOptions {
  deviceId?: ConstrainDOMString;
  /** Default true, as are the two below. */
  echoCancellation?: boolean;
  noiseSuppression?: boolean;
  autoGainControl?: boolean;
  channelCount?: number;
}

export interface ScreenShareCaptureOptions {
  /** Share the sound too, where the browser offers it. Default false. */
  audio?: boolean;
  resolution?: VideoResolution;
  /** Default `detail`: sharp text rather than smooth movement. */
  contentHint?: 'detail' | 'text' | 'motion';
}

export interface VideoEncoding {
  /** Bits per second. */
  maxBitrate: number;
  maxFramerate?: number;
}

export interface TrackPublishOptions {
  name?: string;
  source?: 'camera' | 'microphone' | 'screen_share' | 'screen_share_audio' | 'unknown';
  /** The codec to send when both sides have it; the next best otherwise. Default `vp8`. */
  videoCodec?: VideoCodec;
  /** Default by resolution: 1.7 Mbit/s for 720p. */
  videoEncoding?: VideoEncoding;
  /** Default 2.5 Mbit/s at 15 frames per second. */
  screenShareEncoding?: VideoEncoding;
  /** Bits per second. Default 48,000. */
  audioBitrate?: number;
  /** Stop the device when the track is unpublished. Default true. */
  stopOnUnpublish?: boolean;
}

/** The encoding that is sent for a source of this size. */
export function encodingFor(
  source: string,
  kind: 'audio' | 'video',
  size: { width: number; height: number } | undefined,
  options: TrackPublishOptions,
): RTCRtpEncodingParameters {
  if (kind === 'audio') {
    return { maxBitrate: options.audioBitrate ?? 48_000 };
  }
  if (source === 'screen_share') {
    return { maxBitrate: 2_500_000, maxFramerate: 15, ...options.screenShareEncoding };
  }
  return options.videoEncoding ?? { maxBitrate: bitrateFor(size), maxFramerate: 30 };
}

function bitrateFor(size: { width: number; height: number } | undefined): number {
  const pixels = size === undefined ? 1280 * 720 : size.width * size.height;
  if (pixels <= 320 * 240) {
    return 200_000;
  }
  if (pixels <= 640 * 480) {
    return 600_000;
  }
  if (pixels <= 960 * 540) {
    return 1_000_000;
  }
  return pixels <= 1280 * 720 ? 1_700_000 : 3_000_000;
}

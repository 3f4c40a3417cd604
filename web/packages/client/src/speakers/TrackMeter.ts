/** Measures a browser track itself, for browsers that do not put the loudness of what they send into their statistics. */
export interface TrackMeter {
  readonly track: MediaStreamTrack;
  /** 0 to 1. */
  read(): number;
  close(): void;
}

const samples = 8192;

/** Undefined where there is no Web Audio. */
export function createTrackMeter(track: MediaStreamTrack): TrackMeter | undefined {
  if (typeof AudioContext === 'undefined') {
    return undefined;
  }
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = samples;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const buffer = new Float32Array(samples);
  return {
    track,
    read: () => {
      analyser.getFloatTimeDomainData(buffer);
      return Math.min(1, Math.sqrt(buffer.reduce((sum, sample) => sum + sample * sample, 0) / samples));
    },
    close: () => void context.close(),
  };
}

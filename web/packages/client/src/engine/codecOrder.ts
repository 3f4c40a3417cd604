interface CodecLike {
  mimeType: string;
  sdpFmtpLine?: string;
}

/** Codecs in the order in which they are offered: the preferred one first, H.264 in the profile that all browsers encode. */
export function orderCodecs<T extends CodecLike>(codecs: readonly T[], preferred: string): T[] {
  const rank = (codec: T) => {
    if (codec.mimeType.toLowerCase() !== `video/${preferred}`) {
      return 2;
    }
    const common = preferred !== 'h264' || /profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? '');
    const modern = preferred !== 'h264' || /packetization-mode=1/.test(codec.sdpFmtpLine ?? '');
    return common && modern ? 0 : 1;
  };
  return codecs
    .map((codec, index) => ({ codec, index, rank: rank(codec) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map((entry) => entry.codec);
}

/** Does nothing where the browser cannot order codecs or does not have the preferred one. */
export function preferCodec(section: RTCRtpTransceiver, preferred: string | undefined): void {
  if (preferred === undefined || typeof section.setCodecPreferences !== 'function') {
    return;
  }
  // Browsers check preferences against what they receive, also for a section that only sends.
  const codecs = RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? [];
  if (section.receiver.track.kind !== 'video' || !codecs.some((codec) => isCodec(codec, preferred))) {
    return;
  }
  section.setCodecPreferences(orderCodecs(codecs, preferred));
}

function isCodec(codec: CodecLike, name: string): boolean {
  return codec.mimeType.toLowerCase() === `video/${name}`;
}

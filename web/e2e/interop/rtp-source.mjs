// Encoded pictures and a tone for the libraries that have no codecs: GStreamer sends plain RTP to ports of this process.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';

const video = {
  vp8: (size, pt, ssrc) => `vp8enc deadline=1 cpu-used=8 keyframe-max-dist=15 ! rtpvp8pay mtu=1200 picture-id-mode=15-bit pt=${pt} ssrc=${ssrc}`,
  h264: (size, pt, ssrc) =>
    `openh264enc complexity=low gop-size=15 ! h264parse config-interval=-1 ! video/x-h264,profile=constrained-baseline ` +
    `! rtph264pay mtu=1200 aggregate-mode=zero-latency pt=${pt} ssrc=${ssrc}`,
};

const onPort = (receive) =>
  new Promise((done, fail) => {
    const socket = createSocket('udp4').once('error', fail).on('message', receive);
    socket.bind(0, '127.0.0.1', () => done(socket));
  });

/**
 * @param {{size: string, codec: 'vp8'|'h264', audio: {pt: number, ssrc: number}, video: {pt: number, ssrc: number}}} what
 * @param {(kind: 'audio'|'video', packet: Buffer) => void} receive
 * @returns {Promise<{close: () => void}>}
 */
export async function startRtpSource(what, receive) {
  const pictures = await onPort((packet) => receive('video', packet));
  const tone = await onPort((packet) => receive('audio', packet));
  const [width, height] = what.size.split('x');
  const pipeline =
    `videotestsrc is-live=true pattern=ball ! video/x-raw,width=${width},height=${height},framerate=15/1 ! ` +
    `${video[what.codec](what.size, what.video.pt, what.video.ssrc)} ! udpsink host=127.0.0.1 port=${pictures.address().port} ` +
    `audiotestsrc is-live=true wave=sine ! audioconvert ! opusenc ! rtpopuspay pt=${what.audio.pt} ssrc=${what.audio.ssrc} ! ` +
    `udpsink host=127.0.0.1 port=${tone.address().port}`;
  const child = spawn('gst-launch-1.0', ['-q', ...pipeline.split(/\s+/)], { stdio: ['ignore', 'ignore', 'inherit'] });
  child.once('error', (error) => {
    throw error;
  });
  process.once('exit', () => child.kill('SIGTERM'));
  return {
    close() {
      child.kill('SIGTERM');
      pictures.close();
      tone.close();
    },
  };
}

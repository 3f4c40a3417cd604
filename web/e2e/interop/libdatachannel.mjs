// libdatachannel (what OBS Studio publishes with) by its Node.js binding. Publishes H.264, as OBS does.
import {
  Audio, PeerConnection, RtcpNackResponder, RtcpReceivingSession, RtcpSrReporter, RtpPacketizationConfig, Video,
} from 'node-datachannel';
import { Counts, command, emit, main, step, told } from './client.mjs';
import { startRtpSource } from './rtp-source.mjs';

const publishing = command.action === 'publish';
const formats = { audio: { pt: 111, ssrc: 0x2000_0001 }, video: { pt: 96, ssrc: 0x2000_0002 } };

function describe() {
  const direction = publishing ? 'SendOnly' : 'RecvOnly';
  const audio = new Audio('0', direction);
  audio.addOpusCodec(formats.audio.pt);
  const video = new Video('1', direction);
  if (publishing) {
    video.addH264Codec(formats.video.pt);
    audio.addSSRC(formats.audio.ssrc, 'obs', 'obs', 'obs-audio');
    video.addSSRC(formats.video.ssrc, 'obs', 'obs', 'obs-video');
  } else {
    video.addVP8Codec(formats.video.pt);
    video.addH264Codec(98);
  }
  return { audio, video };
}

function handler(kind) {
  if (!publishing) {
    return new RtcpReceivingSession();
  }
  const { pt, ssrc } = formats[kind];
  const reporter = new RtcpSrReporter(new RtpPacketizationConfig(ssrc, 'obs', pt, kind === 'audio' ? 48_000 : 90_000));
  reporter.addToChain(new RtcpNackResponder());
  return reporter;
}

await main(async (open) => {
  const connection = new PeerConnection('interop', { iceServers: [], disableAutoNegotiation: true });
  const counts = new Counts();
  const connected = new Promise((done, fail) =>
    connection.onStateChange((state) => {
      emit('state', { state });
      if (state === 'connected') done();
      if (state === 'failed') fail(new Error('the connection failed'));
    }),
  );
  const gathered = new Promise((done) => connection.onGatheringStateChange((state) => state === 'complete' && done()));
  const tracks = {};
  for (const [kind, media] of Object.entries(describe())) {
    tracks[kind] = connection.addTrack(media);
    tracks[kind].setMediaHandler(handler(kind));
    if (!publishing) {
      tracks[kind].onMessage((packet) => counts.add(kind, packet));
    }
  }

  connection.setLocalDescription('offer');
  await step('candidates are gathered', gathered);
  connection.setRemoteDescription(await open(connection.localDescription().sdp), 'answer');
  await step('it is connected', connected);
  let source;
  if (publishing) {
    source = await startRtpSource({ size: command.size, codec: 'h264', ...formats }, (kind, packet) => {
      counts.add(kind, packet);
      if (tracks[kind].isOpen()) tracks[kind].sendMessageBinary(packet);
    });
  }
  await told;
  source?.close();
  connection.close();
  return counts.value;
});

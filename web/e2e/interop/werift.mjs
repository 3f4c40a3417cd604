// werift: ICE, DTLS, SRTP and RTCP in TypeScript, nothing shared with a browser.
import { MediaStreamTrack, RTCPeerConnection, useH264, useOPUS, useVP8 } from 'werift';
import { Counts, command, emit, main, step, told } from './client.mjs';
import { startRtpSource } from './rtp-source.mjs';

const ssrc = { audio: 0x1000_0001, video: 0x1000_0002 };

await main(async (open) => {
  const video = command.action === 'publish' ? [useVP8()] : [useVP8(), useH264()];
  const connection = new RTCPeerConnection({ codecs: { audio: [useOPUS()], video }, iceServers: [] });
  connection.connectionStateChange.subscribe((state) => emit('state', { state }));
  const counts = new Counts();
  const tracks = {};
  for (const kind of ['audio', 'video']) {
    if (command.action === 'publish') {
      tracks[kind] = new MediaStreamTrack({ kind });
      connection.addTransceiver(tracks[kind], { direction: 'sendonly' });
    } else {
      const transceiver = connection.addTransceiver(kind, { direction: 'recvonly' });
      transceiver.onTrack.subscribe((track) => track.onReceiveRtp.subscribe((packet) => counts.add(kind, packet.serialize())));
    }
  }

  await connection.setLocalDescription(await connection.createOffer());
  if (connection.iceGatheringState !== 'complete') {
    await step('candidates are gathered', connection.iceGatheringStateChange.watch((state) => state === 'complete'));
  }
  const connected = connection.connectionStateChange.watch((state) => state === 'connected');
  await connection.setRemoteDescription({ type: 'answer', sdp: await open(connection.localDescription.sdp) });
  await step('it is connected', connected);

  let source;
  if (command.action === 'publish') {
    const formats = { audio: { pt: 96, ssrc: ssrc.audio }, video: { pt: 97, ssrc: ssrc.video } };
    source = await startRtpSource({ size: command.size, codec: 'vp8', ...formats }, (kind, packet) => {
      counts.add(kind, packet);
      tracks[kind].writeRtp(packet);
    });
  }
  await told;
  source?.close();
  return counts.value;
});

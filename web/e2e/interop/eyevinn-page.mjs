// In a browser: @eyevinn/whip-web-client publishes the camera, @eyevinn/webrtc-player plays. Both with the browser's own
// WebRTC, so what is foreign is their HTTP. No ICE servers: by default they would ask one of Google's.
import { WebRTCPlayer } from '@eyevinn/webrtc-player';
import { WHIPClient } from '@eyevinn/whip-web-client';

const video = document.querySelector('video');
let client;
let player;

window.eyevinn = {
  async publish(endpoint, token) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
    video.srcObject = stream;
    client = new WHIPClient({ endpoint, opts: { authkey: token, iceServers: [] } });
    await client.ingest(stream);
  },

  unpublish: () => client.destroy(),

  async play(endpoint, token) {
    player = new WebRTCPlayer({ video, type: 'whep', iceServers: [], statsTypeFilter: '^inbound-rtp' });
    // It sends what it is given as the whole header.
    await player.load(new URL(endpoint), `Bearer ${token}`);
  },

  stop: () => player.unload(),

  /** What the browser counts of both kinds. */
  async received() {
    const seen = { width: video.videoWidth, height: video.videoHeight, framesDecoded: 0, audioPackets: 0 };
    for (const entry of (await player.peer.getStats()).values()) {
      if (entry.type === 'inbound-rtp' && entry.kind === 'video') seen.framesDecoded = entry.framesDecoded ?? 0;
      if (entry.type === 'inbound-rtp' && entry.kind === 'audio') seen.audioPackets = entry.packetsReceived ?? 0;
    }
    return seen;
  },
};

"""GStreamer's webrtcbin: libnice, OpenSSL DTLS, libsrtp, rtpbin; decodes what it plays."""
import signal
import traceback

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

from client import Session, emit, parse  # noqa: E402

PUBLISH = """
webrtcbin name=rtc bundle-policy=max-bundle
videotestsrc is-live=true pattern=ball ! video/x-raw,width={width},height={height},framerate=15/1
  ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=15 ! rtpvp8pay mtu=1200 picture-id-mode=15-bit
  ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! rtc.
audiotestsrc is-live=true wave=sine ! audioconvert ! opusenc ! rtpopuspay
  ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! rtc.
"""
PLAY = "webrtcbin name=rtc bundle-policy=max-bundle"
RECEIVE = {
    "video": "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=96,rtcp-fb-nack=true,rtcp-fb-nack-pli=true",
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=97",
}
DECODE = {
    "video": "queue ! rtpvp8depay ! vp8dec ! fakesink name=end sync=false",
    "audio": "queue ! rtpopusdepay ! opusdec ! audioconvert ! level post-messages=true ! fakesink name=end sync=false",
}


class Client:
    def __init__(self, options):
        self.options = options
        self.session = Session(options)
        self.error = None
        self.loop = GLib.MainLoop()
        self.seen = {"audio": {"frames": 0, "energy": 0}, "video": {"frames": 0}}
        width, height = options.size.split("x")
        self.pipeline = Gst.parse_launch(PUBLISH.format(width=width, height=height) if options.action == "publish" else PLAY)
        self.rtc = self.pipeline.get_by_name("rtc") or self.pipeline
        if self.rtc is self.pipeline:
            self.pipeline = Gst.Pipeline()
            self.pipeline.add(self.rtc)

    def run(self):
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message)
        for number in (signal.SIGTERM, signal.SIGINT):
            GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, self.loop.quit)
        GLib.timeout_add(int(self.options.seconds * 1000), self.loop.quit)
        self.rtc.connect("notify::ice-gathering-state", self.on_gathering)
        self.rtc.connect("notify::connection-state", self.on_state)
        self.rtc.connect("pad-added", self.on_pad)
        if self.options.action == "play":
            for kind in ("audio", "video"):
                caps = Gst.Caps.from_string(RECEIVE[kind])
                self.rtc.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
            GLib.timeout_add(250, self.report)
        else:
            for index in range(2):
                self.rtc.emit("get-transceiver", index).set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        self.rtc.connect("on-negotiation-needed", self.on_negotiation_needed)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        self.session.close()
        self.pipeline.set_state(Gst.State.NULL)
        if self.error:
            raise RuntimeError(self.error)
        emit("result", ok=True, **self.seen)

    def fail(self, error):
        self.error = self.error or error
        self.loop.quit()

    def report(self):
        emit("media", **self.seen)
        return True

    def on_negotiation_needed(self, _):
        self.rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.on_offer))

    def on_offer(self, promise):
        reply = promise.get_reply()  # by name: the offer is part of it
        self.rtc.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())

    def on_gathering(self, *_):
        if self.rtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            GLib.idle_add(self.exchange)

    def exchange(self):
        try:
            # By name: its parts do not outlive the description that they were read from.
            description = self.rtc.get_property("local-description")
            text = self.session.open(description.sdp.as_text())
            _, message = GstSdp.SDPMessage.new_from_text(text)
            answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
            self.rtc.emit("set-remote-description", answer, Gst.Promise.new_with_change_func(self.on_answered))
        except Exception:
            self.fail(traceback.format_exc())
        return False

    def on_answered(self, promise):
        reply = promise.get_reply()
        if reply and reply.has_field("error"):
            self.fail(reply.to_string())

    def on_state(self, *_):
        state = self.rtc.get_property("connection-state")
        emit("state", state=state.value_nick)
        if state == GstWebRTC.WebRTCPeerConnectionState.FAILED:
            self.fail("the connection failed")

    def on_pad(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        kind = pad.get_current_caps().get_structure(0).get_string("media")
        decoder = Gst.parse_bin_from_description(DECODE[kind], True)
        decoder.get_by_name("end").get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, self.on_frame, kind)
        self.pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def on_frame(self, pad, _, kind):
        self.seen[kind]["frames"] += 1
        if kind == "video":
            structure = pad.get_current_caps().get_structure(0)
            self.seen[kind]["width"] = structure.get_value("width")
            self.seen[kind]["height"] = structure.get_value("height")
        return Gst.PadProbeReturn.OK

    def on_message(self, _, message):
        if message.type == Gst.MessageType.ERROR:
            self.fail(str(message.parse_error()))
        elif message.type == Gst.MessageType.ELEMENT and message.get_structure().get_name() == "level":
            self.seen["audio"]["energy"] += sum(10 ** (v / 10) for v in message.get_structure().get_value("rms"))


if __name__ == "__main__":
    arguments = parse()
    Gst.init(None)
    try:
        Client(arguments).run()
    except Exception:
        emit("result", ok=False, error=traceback.format_exc())
        raise SystemExit(1)

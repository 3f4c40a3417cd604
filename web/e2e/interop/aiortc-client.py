"""aiortc: ICE, DTLS, SRTP and RTCP in Python; decodes what it plays."""
import array
import asyncio
import signal
import traceback

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer
from aiortc.mediastreams import MediaStreamError

from client import Session, emit, parse


async def decode(track, seen):
    """Counts decoded frames; of sound, the energy too."""
    try:
        while True:
            frame = await track.recv()
            seen["frames"] += 1
            if track.kind == "audio":
                samples = array.array("h", bytes(frame.planes[0]))
                seen["energy"] += sum(s * s for s in samples[::16]) / len(samples) / 32768**2
            else:
                seen["width"], seen["height"] = frame.width, frame.height
    except MediaStreamError:
        return


async def report(seen):
    while True:
        await asyncio.sleep(0.25)
        emit("media", **seen)


async def run(options):
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    session = Session(options)
    seen = {"audio": {"frames": 0, "energy": 0}, "video": {"frames": 0}}
    tasks = []
    loop = asyncio.get_running_loop()
    connected, told = loop.create_future(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    loop.call_later(options.seconds, told.set)

    @connection.on("connectionstatechange")
    def on_state():
        emit("state", state=connection.connectionState)
        if connection.connectionState in ("connected", "failed") and not connected.done():
            connected.set_result(connection.connectionState == "connected")

    @connection.on("track")
    def on_track(track):
        tasks.append(asyncio.create_task(decode(track, seen[track.kind])))

    if options.action == "publish":
        tone = MediaPlayer("sine=frequency=440:sample_rate=48000", format="lavfi")
        pictures = MediaPlayer(f"testsrc=size={options.size}:rate=15", format="lavfi")
        connection.addTransceiver(tone.audio, direction="sendonly")
        connection.addTransceiver(pictures.video, direction="sendonly")
    else:
        connection.addTransceiver("audio", direction="recvonly")
        connection.addTransceiver("video", direction="recvonly")
        tasks.append(asyncio.create_task(report(seen)))

    await connection.setLocalDescription(await connection.createOffer())
    try:
        answer = await loop.run_in_executor(None, session.open, connection.localDescription.sdp)
        await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        end = asyncio.create_task(told.wait())
        await asyncio.wait({connected, end}, return_when=asyncio.FIRST_COMPLETED)
        if not connected.done() or not connected.result():
            raise RuntimeError(f"not connected: {connection.connectionState}, ICE {connection.iceConnectionState}")
        await end
    finally:
        await loop.run_in_executor(None, session.close)
        await connection.close()
        for task in tasks:
            task.cancel()
    emit("result", ok=True, **seen)


if __name__ == "__main__":
    try:
        asyncio.run(run(parse()))
    except Exception:
        emit("result", ok=False, error=traceback.format_exc())
        raise SystemExit(1)

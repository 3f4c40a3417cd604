using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Tests.Call;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Pipes;

public sealed class SpreadSteadyStateTests
{
    private const int WarmUp = 6_000;
    private const int Measured = 40_000;
    private const int Burst = 25;

    private readonly byte[] _rtcp = new byte[128];
    private uint _next;
    private int _atFar;
    private int _atNear;
    private ushort _lastSequence;

    [Fact]
    public async Task No_octet_is_allocated_on_either_shard_while_packets_are_relayed_and_feedback_flows()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        room.Near.OnRtp = packet => _atNear += packet.View.PayloadType == OfferText.Vp8 ? 1 : 0;
        room.Far.OnRtp = packet =>
        {
            if (packet.View.Ssrc == room.Sources.Video)
            {
                TestPayload.Read(packet.View.Payload);
                _atFar++;
                _lastSequence = packet.View.SequenceNumber;
            }
        };
        Send(room, WarmUp);
        room.AwaitCounters();
        (long Allocated, ulong Relayed, ulong Resent, ulong Asked) before = Read(room.Home, room.Other);

        Send(room, Measured);
        room.AwaitCounters();
        (long Allocated, ulong Relayed, ulong Resent, ulong Asked) after = Read(room.Home, room.Other);

        Assert.Equal((ulong)Measured, after.Relayed - before.Relayed);
        Assert.True(after.Resent > before.Resent, "no NACK was answered while measuring");
        Assert.True(after.Asked > before.Asked, "no key frame was asked for while measuring");
        Assert.Equal(0, after.Allocated - before.Allocated);
    }

    private static (long Allocated, ulong Relayed, ulong Resent, ulong Asked) Read(ShardCounters home, ShardCounters other) =>
        (home.AllocatedBytes + other.AllocatedBytes, home.PacketsRelayed, other.Resent, other.KeyFrameRequests);

    private void Send(SpreadRoom room, int packets)
    {
        for (int sent = 0; sent < packets; sent += Burst)
        {
            ForwardedCallTests.SendVideo(room.Publisher, _next, Burst, keyEvery: 500);
            _next += Burst;
            SendFeedback(room);
            room.Pump(() => _atFar == _next && _atNear == _next);
        }
    }

    private void SendFeedback(SpreadRoom room)
    {
        if (_atFar == 0)
        {
            return;
        }

        int length = GenericNack.Write(_rtcp, 77, room.Sources.Video, [_lastSequence, (ushort)(_lastSequence - 7)], out _);
        room.Far.SendRtcp(_rtcp.AsSpan(0, length));
        if (_next % 1_000 == 0)
        {
            length = PictureLoss.Write(_rtcp, 77, room.Sources.Video);
            room.Far.SendRtcp(_rtcp.AsSpan(0, length));
            var report = new SenderReport(OfferText.VideoSsrc, new NtpTime(((ulong)_next << 32) + 1), _next * 3_000, _next, _next * 1_100);
            length = report.Write(_rtcp);
            room.Publisher.SendRtcp(_rtcp.AsSpan(0, length));
        }
    }
}

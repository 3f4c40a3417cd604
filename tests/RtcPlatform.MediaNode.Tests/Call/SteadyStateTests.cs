using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class SteadyStateTests
{
    private const int WarmUp = 6_000;
    private const int Measured = 60_000;
    private const int Burst = 25;

    [Fact]
    public async Task No_octet_is_allocated_while_packets_and_feedback_flow()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient first, _, uint video, _) = await node.SubscriberAsync("T_sub1");
        (LoopbackClient second, _, _, _) = await node.SubscriberAsync("T_sub2");
        var call = new RunningCall(node, publisher, first, second, video);

        call.Send(WarmUp);
        node.AwaitCounters(publisher, first, second);
        long allocated = node.Counters.AllocatedBytes;
        ulong forwarded = node.Counters.PacketsForwarded;
        ulong resent = node.Counters.Resent;
        ulong asked = node.Counters.KeyFrameRequests;

        call.Send(Measured);
        node.AwaitCounters(publisher, first, second);

        Assert.Equal(2UL * Measured, node.Counters.PacketsForwarded - forwarded);
        Assert.True(node.Counters.Resent > resent, "no NACK was answered while measuring");
        Assert.True(node.Counters.KeyFrameRequests > asked, "no key frame was asked for while measuring");
        Assert.Equal(0, node.Counters.AllocatedBytes - allocated);
        first.Dispose();
        second.Dispose();
    }

    private sealed class RunningCall(
        NodeUnderTest node, LoopbackClient publisher, LoopbackClient first, LoopbackClient second, uint video)
    {
        private readonly byte[] _rtcp = new byte[128];
        private uint _next;
        private int _atFirst;
        private int _atSecond;
        private ushort _lastSequence;

        public void Send(int packets)
        {
            first.OnRtp = packet =>
            {
                if (packet.View.Ssrc == video)
                {
                    TestPayload.Read(packet.View.Payload);
                    _atFirst++;
                    _lastSequence = packet.View.SequenceNumber;
                }
            };
            second.OnRtp = packet => _atSecond += packet.View.PayloadType == OfferText.Vp8 ? 1 : 0;
            for (int sent = 0; sent < packets; sent += Burst)
            {
                ForwardedCallTests.SendVideo(publisher, _next, Burst, keyEvery: 500);
                _next += Burst;
                SendFeedback();
                node.Pump(() => _atFirst == _next && _atSecond == _next, first, second, publisher);
            }
        }

        private void SendFeedback()
        {
            if (_atFirst == 0)
            {
                return;
            }

            int length = GenericNack.Write(_rtcp, 77, video, [_lastSequence, (ushort)(_lastSequence - 7)], out _);
            first.SendRtcp(_rtcp.AsSpan(0, length));
            if (_next % 1_000 == 0)
            {
                length = PictureLoss.Write(_rtcp, 77, video);
                first.SendRtcp(_rtcp.AsSpan(0, length));
                var report = new SenderReport(
                    OfferText.VideoSsrc, new NtpTime(((ulong)_next << 32) + 1), _next * 3_000, _next, _next * 1_100);
                length = report.Write(_rtcp);
                publisher.SendRtcp(_rtcp.AsSpan(0, length));
            }
        }
    }
}

using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class RenegotiatedCallTests
{
    private static readonly Dictionary<string, string> Both = new() { ["0"] = "TR_a", ["1"] = "TR_v" };
    private static readonly Dictionary<string, string> Three = new(Both) { ["2"] = "TR_w" };

    [Fact]
    public async Task A_track_is_added_and_removed_while_another_flows_on()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient client, _, uint video, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        var first = new List<ulong>();
        var second = new List<uint>();
        subscriber.OnRtp = packet =>
        {
            if (packet.View.Ssrc == video)
            {
                first.Add(packet.ExtendedSequence);
            }
            else
            {
                second.Add(packet.View.Ssrc);
            }
        };
        ForwardedCallTests.SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => first.Count == 10, subscriber, publisher);

        await node.NegotiateAsync("T_pub", publisher, publisher.Offers.PublishMore("sendonly"), Three);
        NegotiateResult result = await node.NegotiateAsync(
            "T_sub", subscriber, subscriber.Offers.ReceiveMore(), [],
            ControlledNode.Wanted("TR_a", TrackKind.Audio), ControlledNode.Wanted("TR_v", TrackKind.Video),
            ControlledNode.Wanted("TR_w", TrackKind.Video));
        Assert.Equal("TR_w", result.MidToTrack["2"]);
        ForwardedCallTests.SendVideo(publisher, 10, 10, keyEvery: 1_000);
        SendSecond(publisher, 0, 5);
        node.Pump(() => first.Count == 20 && second.Count == 5, subscriber, publisher);
        Assert.All(second, ssrc => Assert.Equal(new AnswerText(result.AnswerSdp).Ssrcs("2")[0], ssrc));

        await node.NegotiateAsync("T_pub", publisher, publisher.Offers.PublishMore("inactive"), Both);
        await node.NegotiateAsync(
            "T_sub", subscriber, subscriber.Offers.ReceiveMore(), [],
            ControlledNode.Wanted("TR_a", TrackKind.Audio), ControlledNode.Wanted("TR_v", TrackKind.Video));
        SendSecond(publisher, 5, 5);
        ForwardedCallTests.SendVideo(publisher, 20, 10, keyEvery: 1_000);
        node.Pump(() => first.Count == 30 && node.Counters.Dropped(DropReason.UnknownSource) == 5, subscriber, publisher);

        Assert.Equal(5, second.Count);
        Assert.Equal(Enumerable.Range(0, 30).Select(number => first[0] + (ulong)number), first);
        Assert.Equal((2U, 2U), (node.Counters.Producers, node.Counters.Consumers));
    }

    [Fact]
    public async Task An_ICE_restart_moves_a_publisher_to_another_port_and_loses_nothing()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient client, _, _, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        var heard = new List<uint>();
        subscriber.OnRtp = packet => heard.Add(TestPayload.Read(packet.View.Payload));
        ForwardedCallTests.SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => heard.Count == 10, subscriber, publisher);

        publisher.Offers.Ufrag = "restarted";
        publisher.Offers.Password = "anotherPasswordOf22Characters";
        await node.NegotiateAsync("T_pub", publisher, publisher.Offers.Publish(), Both);
        ForwardedCallTests.SendVideo(publisher, 10, 10, keyEvery: 1_000);
        node.Pump(() => heard.Count == 20, subscriber);

        publisher.Move();
        int answered = publisher.ChecksAnswered;
        node.Pump(() => publisher.ChecksAnswered > answered, publisher, subscriber);
        ForwardedCallTests.SendVideo(publisher, 20, 10, keyEvery: 1_000);
        node.Pump(() => heard.Count == 30, subscriber, publisher);

        Assert.Equal(Enumerable.Range(0, 30).Select(number => (uint)number), heard);
        Assert.Equal(TransportState.Connected, node.Server.States["T_pub"]);
    }

    private static void SendSecond(LoopbackClient publisher, uint first, int count)
    {
        Span<byte> payload = stackalloc byte[300];
        for (uint number = first; number < first + count; number++)
        {
            TestPayload.Write(payload, number, number == 0);
            publisher.SendRtp(OfferText.Vp8, number, number * 3_000, OfferText.SecondVideoSsrc, payload, marker: true);
        }
    }
}

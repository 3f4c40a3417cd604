using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class ForwardedCallTests
{
    [Fact]
    public async Task Payloads_arrive_whole_and_in_order_under_the_announced_source()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, uint video, _) = await node.SubscriberAsync();
        var heard = new List<(uint Ssrc, ulong Sequence, uint Number)>();
        subscriber.OnRtp = packet => heard.Add(
            (packet.View.Ssrc, packet.ExtendedSequence, TestPayload.Read(packet.View.Payload)));

        SendVideo(publisher, 0, 300, keyEvery: 300);
        node.Pump(() => heard.Count == 300, subscriber, publisher);

        Assert.Equal(Enumerable.Range(0, 300).Select(number => (uint)number), heard.Select(packet => packet.Number));
        Assert.All(heard, packet => Assert.Equal(video, packet.Ssrc));
        Assert.Equal(
            Enumerable.Range(0, 300).Select(number => heard[0].Sequence + (ulong)number), heard.Select(packet => packet.Sequence));
        await ExpectStartedAsync(node, "TR_v", "video/VP8");
        subscriber.Dispose();
    }

    [Fact]
    public async Task A_NACK_is_answered_by_a_retransmission_with_the_original_inside()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, uint video, uint rtx) = await node.SubscriberAsync();
        var original = new List<(ushort Sequence, uint Number)>();
        var resent = new List<(byte PayloadType, ushort Original, uint Number)>();
        subscriber.OnRtp = packet =>
        {
            if (packet.View.Ssrc == rtx)
            {
                ReadOnlySpan<byte> payload = packet.View.Payload;
                resent.Add((packet.View.PayloadType, (ushort)((payload[0] << 8) | payload[1]), TestPayload.Read(payload[2..])));
            }
            else
            {
                original.Add((packet.View.SequenceNumber, TestPayload.Read(packet.View.Payload)));
            }
        };
        SendVideo(publisher, 0, 50, keyEvery: 50);
        node.Pump(() => original.Count == 50, subscriber, publisher);

        byte[] nack = new byte[64];
        int length = GenericNack.Write(nack, 77, video, [original[20].Sequence, original[33].Sequence], out int consumed);
        Assert.Equal(2, consumed);
        subscriber.SendRtcp(nack.AsSpan(0, length));
        node.Pump(() => resent.Count == 2, subscriber, publisher);

        Assert.Equal(
            [(OfferText.Rtx, original[20].Sequence, 20U), (OfferText.Rtx, original[33].Sequence, 33U)], resent.OrderBy(packet => packet.Number));
        subscriber.Dispose();
    }

    // How many of a storm get through is counted under virtual time in the tests of the engine and of forwarding.
    [Fact]
    public async Task A_lost_picture_is_asked_of_the_publisher_again_and_again_until_a_key_frame_comes()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, uint video, _) = await node.SubscriberAsync();
        int heard = 0;
        var requests = new List<uint>();
        subscriber.OnRtp = _ => heard++;
        publisher.OnRtcp = packet =>
        {
            if (PictureLoss.TryRead(packet, out _, out uint ssrc))
            {
                requests.Add(ssrc);
            }
        };
        SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => heard == 10, subscriber, publisher);
        byte[] pli = new byte[PictureLoss.Length];
        PictureLoss.Write(pli, 77, video);
        int before = requests.Count;

        subscriber.SendRtcp(pli);
        node.Pump(() => requests.Count >= before + 3, subscriber, publisher);

        Assert.All(requests, ssrc => Assert.Equal(OfferText.VideoSsrc, ssrc));
        SendVideo(publisher, 10, 1, keyEvery: 1);
        node.Pump(() => heard == 11, subscriber, publisher);
        node.AwaitCounters(publisher, subscriber);
        ulong asked = node.Counters.KeyFrameRequests;
        node.AwaitCounters(publisher, subscriber);
        Assert.Equal(asked, node.Counters.KeyFrameRequests);
        subscriber.Dispose();
    }

    [Fact]
    public async Task Muting_stops_the_track_and_unmuting_asks_for_a_key_frame()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        var heard = new List<uint>();
        int requests = 0;
        subscriber.OnRtp = packet => heard.Add(TestPayload.Read(packet.View.Payload));
        publisher.OnRtcp = packet => requests += PictureLoss.TryRead(packet, out _, out _) ? 1 : 0;
        SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => heard.Count == 10, subscriber, publisher);

        await SetPausedAsync(node, true);
        SendVideo(publisher, 10, 10, keyEvery: 10);
        node.Pump(() => node.Counters.Dropped(DropReason.ProducerPaused) == 10, subscriber, publisher);
        Assert.Equal(10, heard.Count);

        int before = requests;
        await SetPausedAsync(node, false);
        node.Pump(() => requests > before, subscriber, publisher);
        SendVideo(publisher, 20, 1, keyEvery: 1);
        node.Pump(() => heard.Count == 11, subscriber, publisher);
        Assert.Equal(20U, heard[^1]);
        subscriber.Dispose();
    }

    [Fact]
    public async Task A_subscriber_that_came_first_is_served_when_the_publisher_comes()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        int heard = 0;
        subscriber.OnRtp = _ => heard++;
        SendVideo(publisher, 0, 5, keyEvery: 5);
        node.Pump(() => heard == 5, subscriber, publisher);
        subscriber.Dispose();
    }

    [Fact]
    public async Task A_client_that_closes_its_connection_is_told_of_and_gone()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        TransportChanged connected = (await node.NotifiedAsync()).TransportChanged;
        Assert.Equal(("T_pub", TransportState.Connected), (connected.TransportId, connected.State));
        publisher.CloseDtls();
        TransportChanged closed = (await node.NotifiedAsync()).TransportChanged;
        Assert.Equal(("T_pub", TransportState.Closed), (closed.TransportId, closed.State));
        node.Pump(() => node.Counters.Transports == 0, publisher);
    }

    [Fact]
    public async Task A_node_that_stops_says_goodbye_to_its_clients()
    {
        NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        await node.DisposeAsync();
        node.Pump(
            () => publisher.DtlsState == Crypto.Dtls.DtlsState.Closed && subscriber.DtlsState == Crypto.Dtls.DtlsState.Closed,
            publisher,
            subscriber);
        subscriber.Dispose();
    }

    [Fact]
    public async Task Rooms_do_not_hear_each_other_and_several_shards_share_them()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync(shards: 2);
        using LoopbackClient publisher = await node.PublisherAsync("T_1", "project/one");
        (LoopbackClient here, _, _, _) = await node.SubscriberAsync("T_2", "project/one");
        (LoopbackClient elsewhere, _, _, _) = await node.SubscriberAsync("T_3", "project/two");
        Assert.Equal(publisher.Node, here.Node);
        Assert.NotEqual(publisher.Node, elsewhere.Node);
        int heard = 0;
        int leaked = 0;
        here.OnRtp = _ => heard++;
        elsewhere.OnRtp = _ => leaked++;
        SendVideo(publisher, 0, 20, keyEvery: 20);
        node.Pump(() => heard == 20, here, elsewhere, publisher);
        Assert.Equal(0, leaked);
        here.Dispose();
        elsewhere.Dispose();
    }

    internal static void SendVideo(LoopbackClient publisher, uint first, int count, uint keyEvery)
    {
        Span<byte> payload = stackalloc byte[1_100];
        for (uint number = first; number < first + count; number++)
        {
            TestPayload.Write(payload, number, number % keyEvery == 0);
            publisher.SendRtp(OfferText.Vp8, 60_000 + number, number * 3_000, OfferText.VideoSsrc, payload, marker: true);
        }
    }

    private static async Task SetPausedAsync(NodeUnderTest node, bool isPaused)
    {
        Response response = await node.Server.SendAsync(new Request
        {
            SetProducerPaused = new SetProducerPaused { TransportId = "T_pub", TrackSid = "TR_v", Paused = isPaused },
        });
        Assert.Null(response.Error);
    }

    private static async Task ExpectStartedAsync(NodeUnderTest node, string trackSid, string mimeType)
    {
        Notification notification;
        do
        {
            notification = await node.NotifiedAsync();
        }
        while (notification.EventCase != Notification.EventOneofCase.ProducerStarted);

        Assert.Equal((trackSid, mimeType), (notification.ProducerStarted.TrackSid, notification.ProducerStarted.MimeType));
    }
}

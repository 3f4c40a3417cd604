using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Call;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Load;

/// <summary>A node of 1000 packets per second, or of two such shards: a publisher takes 220 of them, a subscriber too.</summary>
public sealed class AdmissionTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task Who_does_not_fit_is_refused_and_the_others_notice_nothing()
    {
        await using NodeUnderTest node = await StartAsync(shards: 1);
        using LoopbackClient publisher = await node.PublisherAsync();
        var subscribers = new List<LoopbackClient>();
        int heard = 0;
        for (int number = 0; number < 3; number++)
        {
            (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync($"T_{number}");
            subscriber.OnRtp = _ => heard++;
            subscribers.Add(subscriber);
        }

        using var late = new LoopbackClient();
        await node.OpenAsync("T_late");
        Error error = (await OfferAsync(node, "T_late", late)).Error;
        Assert.Equal("overloaded", error.Code);
        Assert.Contains("room", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);

        ForwardedCallTests.SendVideo(publisher, 0, 20, keyEvery: 20);
        node.Pump(() => heard == 60, [.. subscribers, publisher]);
        NodeLoad load = await node.LoadAsync(load => load.Refused == 1);
        Assert.Equal(880UL, load.PredictedPackets);

        // The offer changed nothing, so the same one is answered as soon as there is room.
        await node.Server.SendAsync(new Request { CloseTransport = new CloseTransport { TransportId = "T_0" } });
        Assert.Null((await OfferAsync(node, "T_late", late)).Error);
        subscribers.ForEach(static subscriber => subscriber.Dispose());
    }

    [Fact]
    public async Task A_first_offer_with_the_opening_that_does_not_fit_leaves_nothing_open()
    {
        await using NodeUnderTest node = await StartAsync(shards: 1);
        await FillAsync(node, 4);
        using var client = new LoopbackClient();
        Response response = await node.Server.SendAsync(new Request
        {
            OpenTransport = new OpenTransport { TransportId = "T_late", Room = "project/room", FirstOffer = Offer("T_late", 99, client) },
        });
        Assert.Equal("overloaded", response.Error.Code);
        response = await node.Server.SendAsync(new Request { Negotiate = Offer("T_late", 100, client) });
        Assert.Equal("unknown_transport", response.Error.Code);
    }

    [Fact]
    public async Task A_transport_that_its_shard_has_no_room_for_is_answered_by_another()
    {
        await using NodeUnderTest node = await StartAsync(shards: 2);
        await node.OpenAsync("T_early");
        using LoopbackClient publisher = await node.PublisherAsync();
        await FillAsync(node, 3);
        using var early = new LoopbackClient();
        NegotiateResult result = await node.NegotiateAsync("T_early", early, early.Offers.Receive(), Nothing, Both());
        node.Pump(() => early.IsConnected && node.Server.States.GetValueOrDefault("T_early") == TransportState.Connected, early);
        Assert.Equal(2, result.MidToTrack.Count);
        Assert.NotEqual(publisher.Node, early.Node);
        Assert.Equal(node.Node.EndPoints[1], early.Node);
    }

    [Fact]
    public async Task A_connected_subscriber_keeps_what_it_has_and_goes_without_what_does_not_fit()
    {
        await using NodeUnderTest node = await StartAsync(shards: 1);
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        await FillAsync(node, 2);
        int heard = 0;
        subscriber.OnRtp = _ => heard++;

        NegotiateResult result = await node.NegotiateAsync(
            "T_sub", subscriber, subscriber.Offers.ReceiveMore(), Nothing, [.. Both(), ControlledNode.Wanted("TR_w", TrackKind.Video)]);
        Assert.Equal(["TR_a", "TR_v"], result.MidToTrack.Values.Order());
        Assert.Equal((0U, 0U), (result.MissingAudioSections, result.MissingVideoSections));
        ForwardedCallTests.SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => heard == 10, subscriber, publisher);
        Assert.Equal(1UL, (await node.LoadAsync(load => load.Refused > 0)).Refused);

        await node.Server.SendAsync(new Request { CloseTransport = new CloseTransport { TransportId = "T_fill0" } });
        result = await node.NegotiateAsync(
            "T_sub", subscriber, subscriber.Offers.ReceiveMore(), Nothing, [.. Both(), ControlledNode.Wanted("TR_w", TrackKind.Video)]);
        Assert.Equal("TR_w", result.MidToTrack["2"]);
        subscriber.Dispose();
    }

    [Fact]
    public async Task A_connected_publisher_is_refused_another_track_and_goes_on_with_the_first()
    {
        await using NodeUnderTest node = await StartAsync(shards: 1);
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        await FillAsync(node, 2);
        Response response = await node.Server.SendAsync(new Request
        {
            Negotiate = new Negotiate
            {
                TransportId = "T_pub", OfferId = 77, OfferSdp = publisher.Offers.PublishMore("sendonly"),
                Publish = { ["0"] = "TR_a", ["1"] = "TR_v", ["2"] = "TR_w" },
            },
        });
        Assert.Equal("no_room", response.Error.Code);

        int heard = 0;
        subscriber.OnRtp = _ => heard++;
        ForwardedCallTests.SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => heard == 10, subscriber, publisher);
        subscriber.Dispose();
    }

    [Fact]
    public async Task The_hello_says_the_sum_of_the_shards()
    {
        await using NodeUnderTest node = await StartAsync(shards: 2);
        Assert.Equal(2_000U, node.Greeting.CapacityPackets);
    }

    private static Task<NodeUnderTest> StartAsync(int shards) =>
        NodeUnderTest.StartAsync(shards, static options => options with { ShardCapacity = 1_000 });

    private static WantedTrack[] Both() =>
        [ControlledNode.Wanted("TR_a", TrackKind.Audio), ControlledNode.Wanted("TR_v", TrackKind.Video)];

    private static Negotiate Offer(string id, ulong number, LoopbackClient client) =>
        new() { TransportId = id, OfferId = number, OfferSdp = client.Offers.Receive(), Receive = { Both() } };

    private static Task<Response> OfferAsync(NodeUnderTest node, string id, LoopbackClient client) =>
        node.Server.SendAsync(new Request { Negotiate = Offer(id, 50, client) });

    /// <summary>Subscribers that are answered and never come: their place is kept for them.</summary>
    private static async Task FillAsync(NodeUnderTest node, int subscribers)
    {
        for (int number = 0; number < subscribers; number++)
        {
            using var client = new LoopbackClient();
            await node.OpenAsync($"T_fill{number}");
            Assert.Null((await OfferAsync(node, $"T_fill{number}", client)).Error);
        }
    }
}

using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class SimulcastCallTests
{
    [Fact]
    public async Task The_subscriber_gets_the_highest_live_layer_and_one_continuous_stream()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync(offer: offers => offers.PublishSimulcast());
        (LoopbackClient client, _, uint video, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        var camera = new SimulcastCamera(publisher);
        var heard = new List<(uint Ssrc, ulong Sequence, uint Timestamp, int Layer)>();
        subscriber.OnRtp = packet => heard.Add(
            (packet.View.Ssrc, packet.ExtendedSequence, packet.View.Timestamp, SimulcastCamera.LayerOf(TestPayload.Read(packet.View.Payload))));

        foreach (int layers in (int[])[3, 2, 1, 3])
        {
            // The layers above stop; the node learns it from their silence.
            node.Pump(
                () =>
                {
                    camera.SendFrame(layers);
                    return heard.Count > 0 && heard[^1].Layer == layers - 1;
                },
                publisher,
                subscriber);
        }

        Assert.All(heard, packet => Assert.Equal(video, packet.Ssrc));
        Assert.Equal(
            Enumerable.Range(0, heard.Count).Select(number => heard[0].Sequence + (ulong)number), heard.Select(packet => packet.Sequence));
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.True(
            (int)(pair.Second.Timestamp - pair.First.Timestamp) > 0, $"{pair.First} is followed by {pair.Second}"));
    }

    [Fact]
    public async Task A_viewer_chooses_a_layer_by_its_rid_and_hears_which_there_are()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync(offer: offers => offers.PublishSimulcast());
        (LoopbackClient client, _, _, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        var camera = new SimulcastCamera(publisher);
        int received = -1;
        subscriber.OnRtp = packet => received = SimulcastCamera.LayerOf(TestPayload.Read(packet.View.Payload));
        void PumpUntil(Func<bool> holds, int layers = 3) => node.Pump(
            () =>
            {
                camera.SendFrame(layers);
                return holds();
            },
            publisher,
            subscriber);

        foreach ((string rid, int expected) in new[] { (OfferText.Rids[0], 0), (OfferText.Rids[2], 2), (OfferText.Rids[1], 1), ("", 2) })
        {
            Assert.Null(await SelectAsync(node, rid));
            PumpUntil(() => received == expected);
        }

        Task<Response> asked = DescribeAsync(node);
        PumpUntil(() => asked.IsCompleted);
        SectionLayers section = Assert.Single((await asked).Layers.Sections);
        Assert.Equal(1u, section.Line);
        Assert.Equal(OfferText.Rids, section.Layers.Select(layer => layer.Rid));
        Assert.All(section.Layers, layer => Assert.Equal((true, 0ul), (layer.Active, layer.Bitrate)));

        // Measured from the second question on, at the earliest after a second.
        PumpUntil(() => Measured(node) is [{ Bitrate: > 0 }, { Bitrate: > 0 }, { Bitrate: > 0 }]);
        PumpUntil(() => Measured(node) is [{ Active: true }, { Active: true }, { Active: false, Bitrate: 0 }], layers: 2);
        PumpUntil(() => received == 1, layers: 2);
    }

    [Fact]
    public async Task A_layer_that_is_not_there_is_refused_and_a_new_track_has_no_limit()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync(offer: offers => offers.PublishSimulcast());
        (LoopbackClient client, _, _, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;

        Assert.Equal("unknown_layer", (await SelectAsync(node, "nonesuch"))!.Code);
        Assert.Equal("unknown_layer", (await SelectAsync(node, OfferText.Rids[0], line: 0))!.Code);
        Assert.Equal("unknown_layer", (await SelectAsync(node, OfferText.Rids[0], line: 7))!.Code);
        Assert.Equal("unknown_transport", (await SelectAsync(node, OfferText.Rids[0], transport: "T_none"))!.Code);
        Assert.Null(await SelectAsync(node, OfferText.Rids[0], line: 1));

        WantedTrack away = ControlledNode.Wanted("TR_v", TrackKind.Video);
        WantedTrack back = away.Clone();
        away.Source = "TR_other";
        await node.Server.SendAsync(new Request { Retarget = new Retarget { TransportId = "T_sub", Receive = { away } } });
        Assert.Equal("unknown_layer", (await SelectAsync(node, OfferText.Rids[0]))!.Code);
        Assert.Empty((await DescribeAsync(node)).Layers.Sections.Single().Layers);
        await node.Server.SendAsync(new Request { Retarget = new Retarget { TransportId = "T_sub", Receive = { back } } });
        var camera = new SimulcastCamera(publisher);
        int received = -1;
        subscriber.OnRtp = packet => received = SimulcastCamera.LayerOf(TestPayload.Read(packet.View.Payload));
        node.Pump(
            () =>
            {
                camera.SendFrame(3);
                return received == 2;
            },
            publisher,
            subscriber);
    }

    private static async Task<Error?> SelectAsync(NodeUnderTest node, string rid, uint? line = null, string transport = "T_sub")
    {
        var select = new SelectLayer { TransportId = transport, Rid = rid };
        if (line is { } index)
        {
            select.Line = index;
        }

        return (await node.Server.SendAsync(new Request { SelectLayer = select })).Error;
    }

    private static Task<Response> DescribeAsync(NodeUnderTest node) =>
        node.Server.SendAsync(new Request { DescribeLayers = new DescribeLayers { TransportId = "T_sub" } });

    private static SimulcastLayer[] Measured(NodeUnderTest node) => [.. DescribeAsync(node).GetAwaiter().GetResult().Layers.Sections[0].Layers];
}

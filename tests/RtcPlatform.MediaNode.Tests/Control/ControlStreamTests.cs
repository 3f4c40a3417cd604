using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Call;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Control;

public sealed class ControlStreamTests
{
    [Fact]
    public async Task A_connection_cut_mid_request_loses_and_doubles_nothing()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        for (int round = 0; round < 3; round++)
        {
            node.Server.CutsAfterRequest = true;
            await node.OpenAsync($"T_{round}");
            NodeHello hello = await node.HelloAsync();
            Assert.Equal("server-1", hello.ServerInstanceId);
        }

        node.Pump(() => node.Counters.Transports == 3);
        Assert.Equal(3, node.Server.Responses.Select(response => response.Id).Distinct().Count());
        Assert.Equal(3, node.Server.Responses.Count);
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_answer_and_is_carried_out_once()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        var request = new Request { Id = "again", OpenTransport = new OpenTransport { TransportId = "T_1", Room = "p/r" } };
        Response first = await node.Server.SendAsync(request.Clone());
        Response second = await node.Server.SendAsync(request.Clone());
        Assert.Equal(first, second);
        Assert.Null(second.Error);
        request.Id = "another";
        Assert.Equal("internal", (await node.Server.SendAsync(request)).Error.Code);
    }

    [Fact]
    public async Task What_happened_while_the_server_was_away_is_told_afterwards_once()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        Assert.Equal(TransportState.Connected, (await node.NotifiedAsync()).TransportChanged.State);

        node.Server.LosesIncoming = true;
        publisher.CloseDtls();
        node.Pump(() => node.Counters.Transports == 0, publisher);
        node.Server.Cut();
        node.Server.LosesIncoming = false;

        TransportChanged told = (await node.NotifiedAsync()).TransportChanged;
        Assert.Equal(("T_pub", TransportState.Closed), (told.TransportId, told.State));
        await node.HelloAsync();
        await node.OpenAsync("T_after");
        Assert.False(node.Server.Notifications.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_new_server_process_gets_the_snapshot_and_media_never_stops()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        int heard = 0;
        subscriber.OnRtp = _ => heard++;
        ForwardedCallTests.SendVideo(publisher, 0, 20, keyEvery: 20);
        node.Pump(() => heard == 20, subscriber, publisher);

        node.Server.BecomeNewProcess("server-2");
        ForwardedCallTests.SendVideo(publisher, 20, 20, keyEvery: 20);
        node.Pump(() => heard == 40, subscriber, publisher);
        node.Pump(() => node.Server.Hellos.Reader.TryPeek(out _), subscriber, publisher);
        NodeHello hello = await node.HelloAsync();

        Assert.Equal(["T_pub", "T_sub"], hello.Transports.Select(transport => transport.TransportId).Order());
        TransportSnapshot published = hello.Transports.Single(transport => transport.TransportId == "T_pub");
        Assert.Equal("context of T_pub", published.Context.ToStringUtf8());
        Assert.Equal(("project/room", TransportState.Connected, 1UL), (published.Room, published.State, published.OfferId));
        Assert.Equal(["TR_a", "TR_v"], published.Producers);
        await node.OpenAsync("T_new");
        ForwardedCallTests.SendVideo(publisher, 40, 20, keyEvery: 20);
        node.Pump(() => heard == 60, subscriber, publisher);
        subscriber.Dispose();
    }

    [Fact]
    public async Task Bad_requests_are_answered_with_a_reason()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        await node.OpenAsync("T_1");
        Response unknown = await node.Server.SendAsync(new Request { Negotiate = new Negotiate { TransportId = "T_none" } });
        Response garbage = await node.Server.SendAsync(new Request { Negotiate = new Negotiate { TransportId = "T_1", OfferSdp = "v=0 x" } });
        Response closed = await node.Server.SendAsync(new Request { CloseTransport = new CloseTransport { TransportId = "T_none" } });
        Assert.Equal("unknown_transport", unknown.Error.Code);
        Assert.Equal("invalid_sdp", garbage.Error.Code);
        Assert.Null(closed.Error);
    }

    [Fact]
    public async Task Load_is_reported_with_drops_by_reason()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        ForwardedCallTests.SendVideo(publisher, 0, 7, keyEvery: 7);
        NodeLoad load;
        do
        {
            load = await node.Server.Loads.Reader.ReadAsync().AsTask().WaitAsync(ControlledNode.Patience);
        }
        while (load.PacketsReceived < 7);

        Assert.Equal((1U, 2U), (load.Transports, load.Producers));
        Assert.Equal(7UL, load.Dropped["NoConsumer"]);
    }
}

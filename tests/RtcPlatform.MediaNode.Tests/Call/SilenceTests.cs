using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class SilenceTests
{
    [Fact]
    public async Task A_silent_client_is_told_of_as_disconnected_comes_back_when_heard_and_fails_in_the_end()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync(change: static options => options with
        {
            DisconnectedAfter = TimeSpan.FromSeconds(1), FailedAfter = TimeSpan.FromSeconds(10),
        });
        using LoopbackClient publisher = await node.PublisherAsync();

        // Nobody pumps the client while notifications are awaited, so it is silent.
        await AwaitAsync(node, TransportState.Disconnected);
        ForwardedCallTests.SendVideo(publisher, 0, 1, keyEvery: 1);
        await AwaitAsync(node, TransportState.Connected);
        List<TransportChanged> told = await AwaitAsync(node, TransportState.Failed);

        Assert.Equal([TransportState.Disconnected, TransportState.Failed], told.Select(changed => changed.State));
        Assert.Contains("consent", told[^1].Reason, StringComparison.Ordinal);
        node.Pump(() => node.Counters.Transports == 0);
        Response gone = await node.Server.SendAsync(new Request
        {
            Negotiate = new Negotiate { TransportId = "T_pub", OfferId = 9, OfferSdp = publisher.Offers.Publish() },
        });
        Assert.Equal("unknown_transport", gone.Error.Code);
    }

    /// <summary>What was told of the transport until it got into a state.</summary>
    private static async Task<List<TransportChanged>> AwaitAsync(NodeUnderTest node, TransportState state)
    {
        var told = new List<TransportChanged>();
        do
        {
            if ((await node.NotifiedAsync()).TransportChanged is { } changed)
            {
                told.Add(changed);
            }
        }
        while (told.Count == 0 || told[^1].State != state);

        return told;
    }
}

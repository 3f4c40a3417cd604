using System.Net;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Muxing;
using NodeShard = RtcPlatform.MediaNode.Shard.Shard;

namespace RtcPlatform.MediaNode.Tests.Pipes;

/// <summary>
/// A room on two shards: each takes on 500 packets per second, so the publisher (220) and a near subscriber fill one to more
/// than four fifths, and the far subscriber comes to the other.
/// </summary>
internal sealed class SpreadRoom : IAsyncDisposable
{
    private SpreadRoom(NodeUnderTest node, LoopbackClient publisher, LoopbackClient near, LoopbackClient far, FarSources sources)
    {
        Node = node;
        Publisher = publisher;
        Near = near;
        Far = far;
        Sources = sources;
    }

    public NodeUnderTest Node { get; }

    public LoopbackClient Publisher { get; }

    public LoopbackClient Near { get; }

    public LoopbackClient Far { get; }

    /// <summary>What the far subscriber receives.</summary>
    public FarSources Sources { get; }

    public ShardCounters Home => Node.Node.Counters[0];

    public ShardCounters Other => Node.Node.Counters[1];

    /// <param name="offer">The publisher's, when it is not one video and one audio.</param>
    /// <param name="before">Done when publisher and near subscriber are connected and the far one is not there yet.</param>
    public static async Task<SpreadRoom> StartAsync(
        Func<OfferText, string>? offer = null, Action<NodeUnderTest, LoopbackClient, LoopbackClient>? before = null)
    {
        NodeUnderTest node = await NodeUnderTest.StartAsync(shards: 2, static options => options with { ShardCapacity = 500 });
        LoopbackClient publisher = await node.PublisherAsync(offer: offer);
        (LoopbackClient near, _, _, _) = await node.SubscriberAsync("T_near");
        before?.Invoke(node, publisher, near);
        (LoopbackClient far, uint audio, uint video, uint rtx) = await node.SubscriberAsync("T_far");
        Assert.Equal(
            new IPEndPoint[] { node.Node.EndPoints[0], node.Node.EndPoints[0], node.Node.EndPoints[1] },
            [publisher.Node, near.Node, far.Node]);
        await SettleAsync(node);
        return new SpreadRoom(node, publisher, near, far, new FarSources(audio, video, rtx));
    }

    /// <summary>Returns when every shard has done what the others told it, and what they told each other because of that.</summary>
    public static async Task SettleAsync(NodeUnderTest node)
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (NodeShard shard in node.Node.Shards)
            {
                await shard.AskAsync(static _ => true).WaitAsync(ControlledNode.Patience);
            }
        }
    }

    public void Pump(Func<bool> until) => Node.Pump(until, Publisher, Near, Far);

    /// <summary>Waits until all shards have published counters that tell of everything before this call.</summary>
    public void AwaitCounters()
    {
        ulong[] targets = [.. Node.Node.Counters.Select(static counters => counters.Generation + 2)];
        Pump(() =>
        {
            Thread.Yield();
            return Node.Node.Counters.Zip(targets).All(static pair => pair.First.Generation >= pair.Second);
        });
    }

    public ulong Dropped(DropReason reason) => Home.Dropped(reason) + Other.Dropped(reason);

    public async ValueTask DisposeAsync()
    {
        Publisher.Dispose();
        Near.Dispose();
        Far.Dispose();
        await Node.DisposeAsync();
    }
}

/// <summary>SSRCs of audio, video and the video's retransmissions.</summary>
internal readonly record struct FarSources(uint Audio, uint Video, uint Rtx);

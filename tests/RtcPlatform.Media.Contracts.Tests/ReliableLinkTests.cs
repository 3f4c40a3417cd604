using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Media.Contracts.Tests;

public sealed class ReliableLinkTests
{
    [Fact]
    public void Requests_are_numbered_and_kept_until_acknowledged_and_loads_are_not()
    {
        var link = new ReliableLink();
        Assert.Equal(1UL, link.Stamp(Request("a")).Seq);
        Assert.Equal(0UL, link.Stamp(new ControlFrame { Load = new NodeLoad() }).Seq);
        Assert.Equal(2UL, link.Stamp(Request("b")).Seq);
        Assert.True(link.Accept(new ControlFrame { Ack = 1, LinkAck = new LinkAck() }));
        Assert.Equal(["b"], link.Unacknowledged.Select(frame => frame.Request.Id));
    }

    [Fact]
    public void A_frame_is_taken_once_and_a_skipped_one_is_noticed()
    {
        var link = new ReliableLink();
        Assert.True(link.Accept(new ControlFrame { Seq = 1, Request = new Request() }));
        Assert.False(link.Accept(new ControlFrame { Seq = 1, Request = new Request() }));
        Assert.False(link.HasGap);
        Assert.False(link.Accept(new ControlFrame { Seq = 3, Request = new Request() }));
        Assert.True(link.HasGap);
        Assert.True(link.Accept(new ControlFrame { Seq = 2, Request = new Request() }));
        Assert.False(link.HasGap);
        Assert.Equal(2UL, link.LastReceived);
    }

    [Fact]
    public void More_than_the_capacity_makes_resuming_impossible_until_a_reset()
    {
        var link = new ReliableLink();
        for (int i = 0; i <= ReliableLink.Capacity; i++)
        {
            link.Stamp(Request("x"));
        }

        Assert.True(link.Overflowed);
        Assert.Equal(ReliableLink.Capacity, link.Unacknowledged.Count());
        link.Reset();
        Assert.False(link.Overflowed);
        Assert.Equal(1UL, link.Stamp(Request("y")).Seq);
    }

    [Fact]
    public void Over_breaking_connections_nothing_is_lost_doubled_or_reordered()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            Assert.True(Converse(new Random(seed)), $"seed {seed}");
        }
    }

    /// <summary>Two ends over a connection that breaks at random and then delivers a prefix of what was under way.</summary>
    private static bool Converse(Random random)
    {
        var ends = new[] { new ReliableLink(), new ReliableLink() };
        var underway = new[] { new Queue<ControlFrame>(), new Queue<ControlFrame>() };
        var received = new[] { new List<string>(), new List<string>() };
        int[] sent = [0, 0];
        for (int step = 0; step < 300; step++)
        {
            int side = random.Next(2);
            switch (random.Next(20))
            {
                case < 9:
                    underway[side].Enqueue(ends[side].Stamp(Request($"{sent[side]++}")).Clone());
                    break;
                case < 18:
                    Deliver(side);
                    break;
                case 18:
                    underway[side].Enqueue(ends[side].Stamp(new ControlFrame { LinkAck = new LinkAck() }).Clone());
                    break;
                default:
                    Reconnect();
                    break;
            }
        }

        Reconnect();
        while (underway[0].Count + underway[1].Count > 0)
        {
            Deliver(0);
            Deliver(1);
        }

        return Enumerable.Range(0, 2).All(side =>
            received[1 - side].SequenceEqual(Enumerable.Range(0, sent[side]).Select(number => $"{number}")));

        void Deliver(int from)
        {
            if (underway[from].TryDequeue(out ControlFrame? frame) && ends[1 - from].Accept(frame) && frame.Request is { } request)
            {
                received[1 - from].Add(request.Id);
            }
        }

        void Reconnect()
        {
            for (int side = 0; side < 2; side++)
            {
                underway[side].Clear();
                ends[1 - side].Accept(new ControlFrame { Ack = ends[side].LastReceived, LinkAck = new LinkAck() });
            }

            for (int side = 0; side < 2; side++)
            {
                foreach (ControlFrame frame in ends[side].Unacknowledged)
                {
                    underway[side].Enqueue(frame.Clone());
                }
            }
        }
    }

    private static ControlFrame Request(string id) => new() { Request = new Request { Id = id } };
}

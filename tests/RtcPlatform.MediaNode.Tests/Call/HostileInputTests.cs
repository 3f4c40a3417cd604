using System.Net;
using System.Net.Sockets;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class HostileInputTests
{
    private const int Datagrams = 10_000;
    private const int Burst = 50;

    // What is counted once per datagram; the others are per copy or per retransmission.
    private static readonly DropReason[] OfDatagrams =
    [
        .. Enum.GetValues<DropReason>().Where(reason => reason is > DropReason.None and < DropReason.NoConsumer and not DropReason.SendError),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20_261_120)]
    public async Task Mutated_datagrams_are_counted_and_the_call_goes_on(int seed)
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, uint video, _) = await node.SubscriberAsync();
        int heard = 0;
        subscriber.OnRtp = packet => heard += packet.View.Ssrc == video ? 1 : 0;
        ForwardedCallTests.SendVideo(publisher, 0, 10, keyEvery: 10);
        node.Pump(() => heard == 10, subscriber, publisher);
        byte[] pli = new byte[PictureLoss.Length];
        PictureLoss.Write(pli, 1, OfferText.VideoSsrc);
        publisher.SendRtcp(pli);
        node.AwaitCounters(publisher, subscriber);
        (ulong received, ulong accounted) before = Account(node);

        ulong sent = Attack(node, new Random(seed), publisher, subscriber);
        node.AwaitCounters(publisher, subscriber);
        (ulong received, ulong accounted) after = Account(node);

        Assert.True(after.received - before.received >= sent, $"seed {seed}: {sent} sent, {after.received - before.received} received");
        Assert.True(
            after.received - before.received == after.accounted - before.accounted,
            $"seed {seed}: {after.received - before.received} received, {after.accounted - before.accounted} handled or counted");
        heard = 0;
        ForwardedCallTests.SendVideo(publisher, 10, 100, keyEvery: 10);
        node.Pump(() => heard == 100, subscriber, publisher);
        subscriber.Dispose();
    }

    [Fact]
    public async Task Feedback_that_is_taken_in_part_is_one_handled_datagram()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient client, _, uint video, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        byte[] rtcp = new byte[256];
        int length = PictureLoss.Write(rtcp, 77, 1);
        length += PictureLoss.Write(rtcp.AsSpan(length), 77, 2);
        for (int repeated = 0; repeated < 2; repeated++)
        {
            length += GenericNack.Write(rtcp.AsSpan(length), 77, video, [1, 2, 3], out _);
        }

        subscriber.SendRtcp(rtcp.AsSpan(0, length));
        node.Pump(() => node.Counters.Dropped(DropReason.RtcpUnknownSource) == 2, subscriber, publisher);
        node.AwaitCounters(subscriber, publisher);

        Assert.Equal(3UL, node.Counters.Dropped(DropReason.RtxThrottled));
        (ulong received, ulong accounted) = Account(node);
        Assert.Equal(received, accounted);
    }

    private static (ulong Received, ulong Accounted) Account(NodeUnderTest node)
    {
        ulong dropped = 0;
        foreach (DropReason reason in OfDatagrams)
        {
            dropped += node.Counters.Dropped(reason);
        }

        return (node.Counters.DatagramsReceived, node.Counters.DatagramsHandled + dropped);
    }

    // Bursts end with a valid check: its answer says that all before it was read, so the socket's buffer never overflows.
    private static ulong Attack(NodeUnderTest node, Random random, LoopbackClient publisher, LoopbackClient subscriber)
    {
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        byte[] check = publisher.ValidCheck;
        byte[][] templates = [check, .. publisher.LastSent.Values.Select(datagram => datagram.ToArray())];
        Assert.Equal(4, templates.Length);
        for (int number = 0; number < Datagrams; number++)
        {
            byte[] mutant = Mutate(random, templates[random.Next(templates.Length)]);
            (random.Next(2) == 0 ? publisher.Socket : stranger).SendTo(mutant, publisher.Node);
            if (number % Burst == Burst - 1)
            {
                int answered = publisher.ChecksAnswered;
                publisher.Socket.SendTo(check, publisher.Node);
                node.Pump(() => publisher.ChecksAnswered > answered, publisher, subscriber);
            }
        }

        return Datagrams + Datagrams / Burst;
    }

    private static byte[] Mutate(Random random, byte[] template)
    {
        byte[] mutant = template.ToArray();
        for (int flips = random.Next(1, 6); flips > 0; flips--)
        {
            // The head decides most, so it is hit most.
            int range = random.Next(3) == 0 ? mutant.Length : Math.Min(24, mutant.Length);
            mutant[random.Next(range)] = (byte)random.Next(256);
        }

        return random.Next(5) switch
        {
            0 => mutant[..random.Next(0, mutant.Length)],
            1 => [.. mutant, .. new byte[random.Next(1, 64)]],
            _ => mutant,
        };
    }
}

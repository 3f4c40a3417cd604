using System.Net;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Tests.Udp;

/// <summary>Datagrams that travel down the stack as one message arrive exactly as if they had not (UDP_SEGMENT, udp(7)).</summary>
public sealed class SegmentationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<int[], ulong> Runs => new()
    {
        { [1_100, 1_100, 1_100, 1_100], 1 },
        { [1_100, 1_100, 700], 1 },
        { [1_100, 700, 1_100], 2 },
        { [700, 1_100, 1_100], 2 },
        { [80], 1 },
        { [1, 1, 1], 1 },
        { [1_500, 1_499, 1_499, 1_498, 1_498], 3 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Equal_neighbours_go_as_one_message_and_arrive_as_they_were(int[] lengths, ulong messages)
    {
        SkipUnlessKnown();
        using UdpPort sender = Bind();
        using UdpPort receiver = Bind();
        TransportAddress to = TransportAddress.From(receiver.LocalEndPoint);
        foreach ((int length, int index) in lengths.Select(static (length, index) => (length, index)))
        {
            Commit(sender, to, length, (byte)index);
        }

        sender.Send.Flush();

        Assert.Equal(lengths, Receive(receiver, lengths.Length, static (datagram, index) =>
        {
            Assert.All(datagram, octet => Assert.Equal(index, octet));
            return datagram.Length;
        }));
        Assert.Equal(messages, sender.Send.MessagesFlushed);
        Assert.Equal((ulong)lengths.Length, sender.Send.DatagramsFlushed);
    }

    [Fact]
    public void A_run_ends_where_the_address_changes()
    {
        SkipUnlessKnown();
        using UdpPort sender = Bind();
        using UdpPort first = Bind();
        using UdpPort second = Bind();
        foreach (UdpPort port in (UdpPort[])[first, first, second, second, first])
        {
            Commit(sender, TransportAddress.From(port.LocalEndPoint), 200, 1);
        }

        sender.Send.Flush();

        Receive(first, 3, static (datagram, _) => datagram.Length);
        Receive(second, 2, static (datagram, _) => datagram.Length);
        Assert.Equal(3UL, sender.Send.MessagesFlushed);
    }

    [Fact]
    public void A_long_run_is_cut_at_what_one_message_may_hold()
    {
        SkipUnlessKnown();
        using UdpPort sender = Bind();
        using UdpPort receiver = Bind();
        TransportAddress to = TransportAddress.From(receiver.LocalEndPoint);
        for (int index = 0; index < 200; index++)
        {
            Commit(sender, to, 1_200, (byte)index);
        }

        sender.Send.Flush();

        int[] order = Receive(receiver, 200, static (datagram, _) => datagram[0]);
        Assert.Equal(Enumerable.Range(0, 200), order);
        Assert.Equal(4UL, sender.Send.MessagesFlushed);
    }

    [Fact]
    public void A_refused_run_counts_each_of_its_datagrams()
    {
        SkipUnlessKnown();
        using UdpPort sender = Bind();
        using UdpPort receiver = Bind();
        Commit(sender, TransportAddress.FromIPv4(0x7F00_0001, 0), 100, 1);
        Commit(sender, TransportAddress.FromIPv4(0x7F00_0001, 0), 100, 2);
        Commit(sender, TransportAddress.From(receiver.LocalEndPoint), 100, 3);
        sender.Send.Flush();

        Assert.Equal([3], Receive(receiver, 1, static (datagram, _) => datagram[0]));
        Assert.Equal(2UL, sender.Drops[DropReason.SendError]);

        // The port's other peers still get theirs in runs.
        Commit(sender, TransportAddress.From(receiver.LocalEndPoint), 100, 4);
        Commit(sender, TransportAddress.From(receiver.LocalEndPoint), 100, 5);
        ulong before = sender.Send.MessagesFlushed;
        sender.Send.Flush();
        Receive(receiver, 2, static (datagram, _) => datagram[0]);
        Assert.Equal(1UL, sender.Send.MessagesFlushed - before);
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        using UdpPort sender = UdpPort.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpPortOptions { Segmentation = false });
        using UdpPort receiver = Bind();
        TransportAddress to = TransportAddress.From(receiver.LocalEndPoint);
        Commit(sender, to, 100, 0);
        Commit(sender, to, 100, 1);
        sender.Send.Flush();

        Receive(receiver, 2, static (datagram, _) => datagram[0]);
        Assert.Equal(2UL, sender.Send.MessagesFlushed);
    }

    private static void SkipUnlessKnown() => Assert.SkipUnless(OperatingSystem.IsLinux(), "UDP_SEGMENT is Linux's");

    private static UdpPort Bind() => UdpPort.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpPortOptions());

    private static void Commit(UdpPort port, in TransportAddress to, int length, byte value)
    {
        port.Send.Rent()[..length].Fill(value);
        port.Send.Commit(to, length);
    }

    private static int[] Receive(UdpPort port, int count, Func<byte[], int, int> read)
    {
        var results = new List<int>();
        MonoTime deadline = port.Arrival + Patience;
        while (results.Count < count && port.Arrival < deadline)
        {
            int got = port.Receive(Patience);
            for (int index = 0; index < got; index++)
            {
                results.Add(read(port.Packet(index).ToArray(), results.Count));
            }
        }

        Assert.Equal(count, results.Count);
        return [.. results];
    }
}

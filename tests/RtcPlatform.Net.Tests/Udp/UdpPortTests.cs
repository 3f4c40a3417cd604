using System.Net;
using System.Net.Sockets;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Tests.Udp;

/// <summary>The same behaviours over both system interfaces, on real loopback sockets.</summary>
public sealed class UdpPortTests
{
    // How long a test waits for what must happen; never for what must not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<UdpBackend> Backends => OperatingSystem.IsLinux()
        ? [UdpBackend.LinuxBatches, UdpBackend.Portable]
        : [UdpBackend.Portable];

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_batch_arrives_whole_in_order_and_with_its_source(UdpBackend backend)
    {
        using UdpPort sender = Bind(backend, IPAddress.Loopback);
        using UdpPort receiver = Bind(backend, IPAddress.Loopback);
        Fill(sender, receiver, count: 10);
        sender.Send.Flush();

        List<(byte[] Datagram, TransportAddress Source)> received = ReceiveAll(receiver, 10);
        Assert.All(received, packet => Assert.Equal(TransportAddress.From(sender.LocalEndPoint), packet.Source));
        Assert.Equal(Enumerable.Range(0, 10), received.Select(packet => (int)packet.Datagram[0]));
        Assert.Equal(Enumerable.Range(0, 10), received.Select(packet => packet.Datagram.Length - 20));
        Assert.Equal(10UL, sender.Send.DatagramsFlushed);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void More_than_one_batch_is_sent_and_received_in_parts(UdpBackend backend)
    {
        using UdpPort sender = Bind(backend, IPAddress.Loopback);
        using UdpPort receiver = Bind(backend, IPAddress.Loopback);
        Fill(sender, receiver, count: 200);
        sender.Send.Flush();

        int largest = 0;
        List<(byte[] Datagram, TransportAddress Source)> received = ReceiveAll(receiver, 200, count => largest = Math.Max(largest, count));
        Assert.Equal(Enumerable.Range(0, 200), received.Select(packet => (int)packet.Datagram[0]));
        Assert.InRange(largest, 1, new UdpPortOptions().ReceiveBatch);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_dual_stack_port_talks_to_both_families(UdpBackend backend)
    {
        using UdpPort dual = Bind(backend, IPAddress.IPv6Any);
        using UdpPort four = Bind(backend, IPAddress.Loopback);
        using UdpPort six = Bind(backend, IPAddress.IPv6Loopback);
        foreach (UdpPort peer in (UdpPort[])[four, six])
        {
            IPAddress address = peer.LocalEndPoint.Address;
            Send(peer, TransportAddress.From(new IPEndPoint(address, dual.LocalEndPoint.Port)), [1]);
            (byte[] _, TransportAddress source) = Assert.Single(ReceiveAll(dual, 1));
            Assert.Equal(TransportAddress.From(peer.LocalEndPoint), source);
            Assert.Equal(address.AddressFamily == AddressFamily.InterNetwork, source.IsIPv4);
            Send(dual, source, [2]);
            Assert.Equal([2], Assert.Single(ReceiveAll(peer, 1)).Datagram);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_datagram_longer_than_a_slot_is_dropped_and_counted(UdpBackend backend)
    {
        using UdpPort receiver = Bind(backend, IPAddress.Loopback);
        using var sender = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Send(new byte[1921], receiver.LocalEndPoint);
        sender.Send(new byte[9000], receiver.LocalEndPoint);
        sender.Send(new byte[1920], receiver.LocalEndPoint);

        Assert.Equal(1920, Assert.Single(ReceiveAll(receiver, 1)).Datagram.Length);
        Assert.Equal(2UL, receiver.Drops[DropReason.DatagramTooLarge]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_empty_datagram_is_received_as_one(UdpBackend backend)
    {
        using UdpPort receiver = Bind(backend, IPAddress.Loopback);
        using var sender = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Send([], receiver.LocalEndPoint);

        Assert.Empty(Assert.Single(ReceiveAll(receiver, 1)).Datagram);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task Waking_ends_a_wait(UdpBackend backend)
    {
        using UdpPort port = Bind(backend, IPAddress.Loopback);
        Task<int> waiting = Task.Factory.StartNew(
            () => port.Receive(TimeSpan.FromMinutes(10)), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        port.Wake();

        Assert.Equal(0, await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task A_datagram_ends_a_wait(UdpBackend backend)
    {
        using UdpPort port = Bind(backend, IPAddress.Loopback);
        using UdpPort sender = Bind(backend, IPAddress.Loopback);
        Task<int> waiting = Task.Factory.StartNew(
            () => port.Receive(TimeSpan.FromMinutes(10)), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(sender.TrySendFromAnyThread(TransportAddress.From(port.LocalEndPoint), [7]));

        Assert.Equal(1, await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal([7], port.Packet(0).ToArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_wake_before_the_wait_counts_and_many_count_once(UdpBackend backend)
    {
        using UdpPort port = Bind(backend, IPAddress.Loopback);
        for (int call = 0; call < 5; call++)
        {
            port.Wake();
        }

        Assert.Equal(0, port.Receive(TimeSpan.FromMinutes(10)));
        MonoTime before = port.Arrival;
        Assert.Equal(0, port.Receive(TimeSpan.FromMilliseconds(30)));
        Assert.True(port.Arrival - before >= TimeSpan.FromMilliseconds(25), "the second wait was not woken again");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_refused_send_is_counted_and_the_rest_goes_out(UdpBackend backend)
    {
        using UdpPort sender = Bind(backend, IPAddress.Loopback);
        using UdpPort receiver = Bind(backend, IPAddress.Loopback);
        TransportAddress to = TransportAddress.From(receiver.LocalEndPoint);
        TransportAddress unreachable = TransportAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 9));
        Commit(sender, to, 1);
        Commit(sender, unreachable, 2);
        Commit(sender, TransportAddress.FromIPv4(0x7F00_0001, 0), 3);
        Commit(sender, to, 4);
        sender.Send.Flush();

        Assert.Equal([1, 4], ReceiveAll(receiver, 2).Select(packet => packet.Datagram[0]));
        Assert.Equal(2UL, sender.Drops[DropReason.SendError]);
        Assert.False(sender.TrySendFromAnyThread(unreachable, [1]));
        Assert.Equal(1, sender.OtherThreadSendErrors);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_port_that_is_taken_is_said_in_one_line(UdpBackend backend)
    {
        using UdpPort first = Bind(backend, IPAddress.Loopback);
        PortInUseException error = Assert.Throws<PortInUseException>(
            () => UdpPort.Bind(first.LocalEndPoint, new UdpPortOptions { Backend = backend }));

        Assert.Contains($"UDP port {first.LocalEndPoint.Port} on 127.0.0.1 is already in use", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(first.LocalEndPoint, error.EndPoint);
    }

    [Fact]
    public void A_foreign_address_is_said_in_one_line()
    {
        IOException error = Assert.Throws<IOException>(
            () => UdpPort.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), new UdpPortOptions()));

        Assert.StartsWith("cannot bind UDP 192.0.2.1:0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batched_calls_allocate_nothing_per_datagram()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the portable interface is not the packet path");
        using UdpPort sender = Bind(UdpBackend.LinuxBatches, IPAddress.Loopback);
        using UdpPort receiver = Bind(UdpBackend.LinuxBatches, IPAddress.Loopback);
        TransportAddress to = TransportAddress.From(receiver.LocalEndPoint);
        Exchange(sender, receiver, to, rounds: 50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(sender, receiver, to, rounds: 300);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Exchange(UdpPort sender, UdpPort receiver, in TransportAddress to, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int packet = 0; packet < 20; packet++)
            {
                Commit(sender, to, (byte)packet);
            }

            sender.Send.Flush();
            for (int received = 0; received < 20;)
            {
                received += receiver.Receive(Patience);
            }
        }
    }

    private static UdpPort Bind(UdpBackend backend, IPAddress address) =>
        UdpPort.Bind(new IPEndPoint(address, 0), new UdpPortOptions { Backend = backend });

    private static void Fill(UdpPort sender, UdpPort receiver, int count)
    {
        TransportAddress to = TransportAddress.From(receiver.LocalEndPoint);
        for (int index = 0; index < count; index++)
        {
            Span<byte> slot = sender.Send.Rent();
            slot[0] = (byte)index;
            sender.Send.Commit(to, 20 + index);
        }
    }

    private static void Commit(UdpPort sender, TransportAddress to, byte value)
    {
        sender.Send.Rent()[0] = value;
        sender.Send.Commit(to, 1);
    }

    private static void Send(UdpPort sender, TransportAddress to, byte[] datagram)
    {
        datagram.CopyTo(sender.Send.Rent());
        sender.Send.Commit(to, datagram.Length);
        sender.Send.Flush();
    }

    private static List<(byte[] Datagram, TransportAddress Source)> ReceiveAll(UdpPort port, int count, Action<int>? batch = null)
    {
        List<(byte[], TransportAddress)> received = [];
        MonoTime deadline = port.Arrival + Patience;
        while (received.Count < count && port.Arrival < deadline)
        {
            int got = port.Receive(Patience);
            batch?.Invoke(got);
            for (int index = 0; index < got; index++)
            {
                received.Add((port.Packet(index).ToArray(), port.Source(index)));
            }
        }

        Assert.Equal(count, received.Count);
        return received;
    }
}

using System.Net;
using System.Net.Sockets;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Tests.Pools;

/// <summary>On real loopback sockets; Linux only, as the pool is.</summary>
public sealed class UdpPoolTests : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public UdpPoolTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll and recvmmsg are Linux's");
        _server.ReceiveBufferSize = 4 * 1024 * 1024;
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Each_of_many_sockets_gets_what_is_sent_to_it()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 300, SocketBuffer = 64 * 1024 });
        int[] slots = [.. Enumerable.Range(0, 300).Select(_ => Open(pool))];
        Assert.Equal(Enumerable.Range(0, 300), slots.Order());
        foreach (int slot in slots)
        {
            Assert.True(pool.Send(slot, BitConverter.GetBytes(slot)));
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            byte[] datagram = new byte[4];
            _server.ReceiveFrom(datagram, ref from);
            Assert.Equal((pool.LocalEndPoint(slot), slot), (from, BitConverter.ToInt32(datagram)));
            _server.SendTo(datagram, from);
        }

        List<PoolDatagram> received = PoolReader.Read(pool, 300);
        Assert.Equal(slots.Order(), received.Select(static d => d.Slot).Order());
        Assert.All(received, static d => Assert.Equal(d.Slot, BitConverter.ToInt32(d.Octets)));
        Assert.Equal((0, 0, 0), (pool.Poll(TimeSpan.Zero), pool.Overflow, pool.SendErrors));
    }

    [Fact]
    public void More_than_a_batch_of_one_socket_is_read_in_turns_and_in_order()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 1, ReceiveBatch = 4 });
        int slot = Open(pool);
        for (byte i = 0; i < 10; i++)
        {
            _server.SendTo([i], pool.LocalEndPoint(slot));
        }

        Assert.Equal([4, 4, 2], Enumerable.Range(0, 3).Select(_ => PoolReader.Sweep(pool).Count));
        for (byte i = 0; i < 10; i++)
        {
            _server.SendTo([i], pool.LocalEndPoint(slot));
        }

        Assert.Equal(Enumerable.Range(0, 10), PoolReader.Read(pool, 10).Select(static d => (int)d.Octets[0]));
    }

    [Fact]
    public void A_strangers_datagram_does_not_come_through()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 1 });
        int slot = Open(pool);
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        stranger.Send([1], pool.LocalEndPoint(slot));
        _server.SendTo([2], pool.LocalEndPoint(slot));

        Assert.Equal([2], Assert.Single(PoolReader.Read(pool, 1)).Octets);
        Assert.Equal(0, pool.Poll(TimeSpan.Zero));
    }

    /// <summary>However late the reader comes: it reads when all have long been there.</summary>
    [Fact]
    public void Arrival_times_are_the_kernels_they_rise_and_lie_where_the_wall_clock_says()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 1 });
        int slot = Open(pool);
        PoolReader.WaitForKernelTimes(pool, _server, slot);
        var sent = new List<(long Before, long After)>();
        for (int i = 0; i < 20; i++)
        {
            long before = WallClock.NowNanoseconds;
            _server.SendTo([(byte)i], pool.LocalEndPoint(slot));
            sent.Add((before, WallClock.NowNanoseconds + WallClockStep));
        }

        List<PoolDatagram> received = PoolReader.Read(pool, 20);
        Assert.Equal(received.Select(static d => d.Arrival).Order(), received.Select(static d => d.Arrival));
        Assert.All(received.Zip(sent), static r => Assert.InRange(r.First.Arrival, r.Second.Before, r.Second.After));
    }

    [Fact]
    public void What_a_full_buffer_costs_is_counted_to_the_datagram_and_stays_counted()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 1, SocketBuffer = 8 * 1024 });
        int slot = Open(pool);
        byte[] datagram = new byte[1000];
        for (int i = 0; i < 200; i++)
        {
            _server.SendTo(datagram, pool.LocalEndPoint(slot));
        }

        int received = 0;
        while (PoolReader.Sweep(pool).Count is > 0 and var count)
        {
            received += count;
        }

        // The kernel tells of losses with the next datagram that it takes.
        _server.SendTo([1], pool.LocalEndPoint(slot));
        Assert.Equal([1], Assert.Single(PoolReader.Read(pool, 1)).Octets);
        Assert.InRange(received, 1, 199);
        Assert.Equal(200 - received, pool.Overflow);
        pool.Close(slot);
        Assert.Equal(200 - received, pool.Overflow);
        Open(pool);
        Assert.Equal(200 - received, pool.Overflow);
    }

    [Fact]
    public void A_closed_slot_is_used_again_and_nothing_old_comes_out_of_it()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 2 });
        int kept = Open(pool);
        int slot = Open(pool);
        IOException full = Assert.Throws<IOException>(() => Open(pool));
        Assert.Equal("the pool has no more than 2 sockets", full.Message);
        for (int round = 0; round < 50; round++)
        {
            _server.SendTo([99], pool.LocalEndPoint(slot));
            pool.Close(slot);
            Assert.Equal(slot, Open(pool));
            _server.SendTo([(byte)round], pool.LocalEndPoint(slot));
            _server.SendTo([(byte)round], pool.LocalEndPoint(kept));
            Assert.Equal(
                [(kept, round), (slot, round)],
                PoolReader.Read(pool, 2).Select(static d => (d.Slot, (int)d.Octets[0])).OrderBy(d => d.Slot == kept ? 0 : 1));
        }
    }

    /// <summary>A read brings one message; that it is several datagrams is the kernel's doing.</summary>
    [Fact]
    public void Datagrams_that_left_as_one_are_read_as_one_and_told_apart()
    {
        using UdpPort sender = UdpPort.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpPortOptions());
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 1, ReceiveBatch = 1, Coalesce = true });
        int slot = pool.Open(IPAddress.Loopback);
        pool.Connect(slot, TransportAddress.From(sender.LocalEndPoint));
        int[] lengths = [700, 700, 700, 700, 300];
        for (int i = 0; i < lengths.Length; i++)
        {
            Span<byte> datagram = sender.Send.Rent();
            datagram[..lengths[i]].Fill((byte)i);
            sender.Send.Commit(TransportAddress.From(pool.LocalEndPoint(slot)), lengths[i]);
        }

        sender.Send.Flush();
        List<PoolDatagram> received = PoolReader.Sweep(pool);
        Assert.Equal(lengths, received.Select(static d => d.Octets.Length));
        Assert.All(received.Index(), static d => Assert.All(d.Item.Octets, octet => Assert.Equal(d.Index, octet)));
        _server.SendTo([7], pool.LocalEndPoint(slot));
        sender.Send.Rent()[0] = 8;
        sender.Send.Commit(TransportAddress.From(pool.LocalEndPoint(slot)), 1);
        sender.Send.Flush();
        Assert.Equal([8], Assert.Single(PoolReader.Read(pool, 1)).Octets);
    }

    [Fact]
    public void A_refused_datagram_is_counted_and_the_socket_goes_on()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 1 });
        int slot = pool.Open(IPAddress.Loopback);
        EndPoint gone;
        using (var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            gone = closed.Client.LocalEndPoint!;
        }

        pool.Connect(slot, TransportAddress.From((IPEndPoint)gone));
        Assert.True(pool.Send(slot, [1]));
        Assert.False(pool.Send(slot, [2]));
        Assert.Equal(1, pool.SendErrors);
        pool.Connect(slot, TransportAddress.From((IPEndPoint)_server.LocalEndPoint!));
        Assert.True(pool.Send(slot, [3]));
    }

    [Fact]
    public void Nothing_is_allocated_per_datagram()
    {
        using var pool = new UdpPool(new UdpPoolOptions { Capacity = 4 });
        int[] slots = [.. Enumerable.Range(0, 4).Select(_ => Open(pool))];
        SocketAddress[] addresses = [.. slots.Select(slot => pool.LocalEndPoint(slot).Serialize())];
        byte[] scratch = new byte[PoolSink.ScratchSize];
        Exchange(pool, slots, addresses, scratch, rounds: 50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int taken = Exchange(pool, slots, addresses, scratch, rounds: 500);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(500 * 4, taken);
    }

    [Fact]
    public void The_way_to_an_address_begins_at_one_of_this_machines()
    {
        Assert.Equal(IPAddress.Loopback, UdpPool.LocalAddressTowards(IPAddress.Loopback));
        IOException error = Assert.Throws<IOException>(() => UdpPool.LocalAddressTowards(IPAddress.Broadcast));
        Assert.StartsWith("255.255.255.255 cannot be reached: ", error.Message, StringComparison.Ordinal);
    }

    private const long WallClockStep = 100;

    private int Open(UdpPool pool)
    {
        int slot = pool.Open(IPAddress.Loopback);
        pool.Connect(slot, TransportAddress.From((IPEndPoint)_server.LocalEndPoint!));
        return slot;
    }

    /// <summary>One datagram to each socket and one from it, until all have come.</summary>
    private int Exchange(UdpPool pool, int[] slots, SocketAddress[] addresses, byte[] scratch, int rounds)
    {
        var counter = new CountingTaker();
        int taken = 0;
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                var sink = new PoolSink(pool, slots[i], scratch);
                sink.Rent()[0] = 1;
                sink.Commit(default, 100);
                int length = _server.Receive(scratch);
                _server.SendTo(scratch.AsSpan(0, length), SocketFlags.None, addresses[i]);
            }

            int wanted = taken + slots.Length;
            while (taken < wanted)
            {
                pool.Poll(TimeSpan.FromSeconds(1));
                taken += pool.Sweep(ref counter);
            }
        }

        return counter.Octets == taken * 100L ? taken : -1;
    }

    private struct CountingTaker : IDatagramTaker
    {
        public long Octets { get; private set; }

        public void Take(int slot, Span<byte> datagram, long arrival) => Octets += datagram.Length;
    }
}

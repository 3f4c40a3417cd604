using System.Diagnostics;
using System.Net.Sockets;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;

namespace RtcPlatform.Net.Tests.Pools;

internal sealed record PoolDatagram(int Slot, byte[] Octets, long Arrival);

/// <summary>Reads a pool until what must come has come.</summary>
internal static class PoolReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What one poll finds that does not wait: loopback has delivered when the sender's call returns.</summary>
    public static List<PoolDatagram> Sweep(UdpPool pool) => Sweep(pool, TimeSpan.Zero);

    public static List<PoolDatagram> Read(UdpPool pool, int count)
    {
        var received = new List<PoolDatagram>();
        long start = Stopwatch.GetTimestamp();
        while (received.Count < count)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{received.Count} of {count} datagrams have come");
            received.AddRange(Sweep(pool, TimeSpan.FromMilliseconds(100)));
        }

        return received;
    }

    /// <summary>A kernel that stamped nothing before turns its stamps on some time after the first socket asked for them.</summary>
    public static void WaitForKernelTimes(UdpPool pool, Socket sender, int slot)
    {
        long start = Stopwatch.GetTimestamp();
        long sent;
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "the kernel stamps no datagrams");
            sender.SendTo([0], pool.LocalEndPoint(slot));
            sent = WallClock.NowNanoseconds;
        }
        while (Read(pool, 1)[0].Arrival > sent);
    }

    private static List<PoolDatagram> Sweep(UdpPool pool, TimeSpan timeout)
    {
        var collector = new Collector([]);
        pool.Poll(timeout);
        pool.Sweep(ref collector);
        return collector.Datagrams;
    }

    private readonly record struct Collector(List<PoolDatagram> Datagrams) : IDatagramTaker
    {
        public void Take(int slot, Span<byte> datagram, long arrival) => Datagrams.Add(new PoolDatagram(slot, datagram.ToArray(), arrival));
    }
}

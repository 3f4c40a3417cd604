using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>Datagrams under way in virtual time; the seed decides which are lost, doubled or late.</summary>
internal sealed class LossyNetwork(int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(TransportAddress From, TransportAddress To, byte[] Datagram), (long, long)> _underWay = new();
    private long _order;

    public double Loss { get; set; }

    public double Duplicates { get; set; }

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Added at random to single datagrams, which reorders them.</summary>
    public TimeSpan Jitter { get; set; }

    public MonoTime NextArrival => _underWay.TryPeek(out _, out (long At, long) key) ? new MonoTime(key.At) : MonoTime.Never;

    public void Send(MonoTime now, TransportAddress from, TransportAddress to, byte[] datagram)
    {
        if (_random.NextDouble() >= Loss)
        {
            Enqueue(now, from, to, datagram);
        }

        if (_random.NextDouble() < Duplicates)
        {
            Enqueue(now, from, to, datagram);
        }
    }

    public bool TryReceive(MonoTime now, out (TransportAddress From, TransportAddress To, byte[] Datagram) arrived)
    {
        arrived = default;
        if (NextArrival > now)
        {
            return false;
        }

        arrived = _underWay.Dequeue();
        return true;
    }

    private void Enqueue(MonoTime now, TransportAddress from, TransportAddress to, byte[] datagram) =>
        _underWay.Enqueue(
            (from, to, [.. datagram]), ((now + Delay + (Jitter * _random.NextDouble())).Nanoseconds, _order++));
}

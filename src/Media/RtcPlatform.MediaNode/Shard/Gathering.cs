using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// How long a shard waits for more after a first packet. What comes together is sent together, and a walk through the
/// network stack is most of what a packet costs, so the rest of a frame is worth a short wait. A shard with little to do has
/// little to win, and one that is behind finds the next packets waiting anyway: both go on at once.
/// </summary>
/// <param name="window">The longest wait; zero switches it off.</param>
internal struct Gathering(TimeSpan window)
{
    // Datagrams received in an interval, whatever they fan out to: one track to many subscribers stays below it.
    private const int BusyPackets = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private MonoTime _intervalEnds = MonoTime.Zero;
    private int _packets;
    private bool _isBusy;
    private TimeSpan _lastTurn;

    /// <summary>Notes what a turn received, and when.</summary>
    public void Note(MonoTime now, int packets)
    {
        if (now >= _intervalEnds)
        {
            _isBusy = _packets >= BusyPackets && now < _intervalEnds + Interval;
            _intervalEnds = now + Interval;
            _packets = 0;
        }

        _packets += packets;
    }

    /// <summary>Notes how long sending took.</summary>
    public void Sent(TimeSpan turn) => _lastTurn = turn;

    /// <summary>What is left to wait; zero = go on.</summary>
    public readonly TimeSpan Wait(TimeSpan sinceFirst) =>
        _isBusy && sinceFirst < window && _lastTurn < window ? window - sinceFirst : TimeSpan.Zero;
}

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
    // Copies sent in an interval: they are what a longer message makes cheaper, however few packets they are copies of.
    private const ulong BusyCopies = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private MonoTime _intervalEnds = MonoTime.Zero;
    private ulong _sent;
    private bool _isBusy;
    private TimeSpan _lastTurn;

    /// <summary>Notes a turn's end.</summary>
    /// <param name="turn">How long forwarding and sending took.</param>
    /// <param name="sent">Datagrams sent since the shard's start.</param>
    public void Sent(MonoTime now, TimeSpan turn, ulong sent)
    {
        _lastTurn = turn;
        if (now >= _intervalEnds)
        {
            _isBusy = sent - _sent >= BusyCopies && now < _intervalEnds + Interval;
            _intervalEnds = now + Interval;
            _sent = sent;
        }
    }

    /// <summary>What is left to wait; zero = go on.</summary>
    public readonly TimeSpan Wait(TimeSpan sinceFirst) =>
        _isBusy && sinceFirst < window && _lastTurn < window ? window - sinceFirst : TimeSpan.Zero;
}

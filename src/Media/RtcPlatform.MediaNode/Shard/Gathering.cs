using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// How long a shard waits for more after a first packet. What comes together is sent together, and a walk through the
/// network stack is most of what a packet costs, so the rest of a frame is worth a short wait. A shard with little to do has
/// little to win, and one that is behind finds the next packets waiting anyway: both go on at once. So does one whose
/// publishers pace their packets further apart than the wait: it is tried again now and then.
/// </summary>
/// <param name="window">The wait; zero switches it off.</param>
internal struct Gathering(TimeSpan window)
{
    /// <summary>After so many waits in which nothing came, waiting is given up for a while.</summary>
    public const int FruitlessWaits = 8;

    /// <summary>Then one turn in so many waits, to see whether that has changed.</summary>
    public const int TurnsPerTrial = 32;

    // Copies sent in an interval: they are what a longer message makes cheaper, however few packets they are copies of.
    private const ulong BusyCopies = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private MonoTime _intervalEnds = MonoTime.Zero;
    private ulong _sent;
    private bool _isBusy;
    private TimeSpan _lastTurn;
    private int _fruitless;
    private int _turnsWithout;

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

    /// <summary>How long to wait in this turn, in which something is to be forwarded; zero = go on.</summary>
    public TimeSpan Wait()
    {
        if (!_isBusy || _lastTurn >= window)
        {
            return TimeSpan.Zero;
        }

        if (_fruitless >= FruitlessWaits && ++_turnsWithout < TurnsPerTrial)
        {
            return TimeSpan.Zero;
        }

        _turnsWithout = 0;
        return window;
    }

    /// <summary>What came while waiting.</summary>
    public void Gathered(int datagrams) => _fruitless = datagrams > 0 ? 0 : _fruitless + 1;
}

namespace RtcPlatform.MediaClient.Streams;

/// <summary>What a packet's number says about its place among those before it.</summary>
internal enum Arrival
{
    /// <summary>The next one, or one after a gap.</summary>
    InOrder,

    /// <summary>A higher number came before.</summary>
    Late,

    /// <summary>It came before.</summary>
    Duplicate,
}

/// <summary>Tells order, doubles and gaps of rising 32-bit numbers that do not wrap. Written by one thread, read by any.</summary>
internal struct NumberWindow
{
    private const int Remembered = 64;

    private ulong _seen;
    private uint _highest;
    private uint _first;
    private long _count;

    /// <summary>Different numbers that came.</summary>
    public readonly long Count => _count;

    public readonly uint First => _first;

    /// <summary>Meaningful once <see cref="Count"/> is not zero.</summary>
    public readonly uint Highest => _highest;

    /// <summary>Between the first and the highest number; a late arrival takes its loss back.</summary>
    public readonly long Missing => _count == 0 ? 0 : Math.Max(0, (long)_highest - _first + 1 - _count);

    /// <summary>Numbers more than 64 behind the highest are taken for late, never for doubles.</summary>
    public Arrival Add(uint number)
    {
        if (_count == 0)
        {
            (_first, _highest, _seen, _count) = (number, number, 1, 1);
            return Arrival.InOrder;
        }

        if (number > _highest)
        {
            uint step = number - _highest;
            _seen = step < Remembered ? (_seen << (int)step) | 1 : 1;
            _highest = number;
            _count++;
            return Arrival.InOrder;
        }

        uint behind = _highest - number;
        if (behind < Remembered)
        {
            ulong bit = 1UL << (int)behind;
            if ((_seen & bit) != 0)
            {
                return Arrival.Duplicate;
            }

            _seen |= bit;
        }

        _first = Math.Min(_first, number);
        _count++;
        return Arrival.Late;
    }
}

namespace RtcPlatform.MediaClient.Streams;

/// <summary>Counts the gaps in rising 32-bit numbers that do not wrap. Written by one thread, read by any.</summary>
internal sealed class SequenceWindow
{
    private uint _first;
    private uint _highest;
    private long _count;

    /// <summary>Between the first and the highest number; a late arrival takes its loss back.</summary>
    public long Lost => Volatile.Read(ref _count) is var count and > 0 ? Math.Max(0, (long)_highest - _first + 1 - count) : 0;

    /// <summary>False when a higher number came before. Numbers before the first do not count as lost.</summary>
    public bool Add(uint number)
    {
        if (_count == 0)
        {
            _first = number;
            _highest = number;
            Volatile.Write(ref _count, 1);
            return true;
        }

        bool inOrder = number > _highest;
        _highest = Math.Max(_highest, number);
        _first = Math.Min(_first, number);
        Volatile.Write(ref _count, _count + 1);
        return inOrder;
    }
}

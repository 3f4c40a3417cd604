namespace RtcPlatform.Wire.Numbers;

/// <summary>
/// Turns 16-bit sequence numbers into ones that never wrap. Starts in the second cycle (1 &lt;&lt; 16), so that packets
/// overtaken by the first one do not fall below zero. Authentication comes before: a forged jump would move the cycle.
/// </summary>
public struct SequenceExtender
{
    private ulong _highest;

    /// <summary>The highest number seen; 0 before the first.</summary>
    public readonly ulong Highest => _highest;

    /// <summary>
    /// The extended number of <paramref name="seq"/>: the one nearest to the highest seen. Remembers it when it is higher.
    /// </summary>
    public ulong Extend(ushort seq)
    {
        ulong extended = Peek(seq);
        if (extended > _highest)
        {
            _highest = extended;
        }

        return extended;
    }

    /// <summary>What <see cref="Extend"/> would return, without remembering it (for packets not yet authenticated).</summary>
    public readonly ulong Peek(ushort seq) =>
        _highest == 0 ? (1UL << 16) | seq : (ulong)((long)_highest + SeqNum.Distance(seq, (ushort)_highest));
}

namespace RtcPlatform.Wire.Muxing;

/// <summary>How often each <see cref="DropReason"/> happened to one owner (a peer, a consumer, a port). One thread writes.</summary>
public sealed class DropCounters
{
    private readonly ulong[] _counts = new ulong[ReasonCount];
    private bool _hasAny;

    /// <summary>How many reasons there are, <see cref="DropReason.None"/> included.</summary>
    public const int ReasonCount = (int)DropReason.PeerClosed + 1;

    public ulong this[DropReason reason] => _counts[(int)reason];

    /// <summary>The sum over all reasons.</summary>
    public ulong Total
    {
        get
        {
            ulong total = 0;
            foreach (ulong count in _counts)
            {
                total += count;
            }

            return total;
        }
    }

    public void Count(DropReason reason) => Count(reason, 1);

    public void Count(DropReason reason, ulong times)
    {
        _counts[(int)reason] += times;
        _hasAny = true;
    }

    /// <summary>Adds another owner's counts, as a node does for its peers when it reports.</summary>
    public void Add(DropCounters other)
    {
        // Most peers have nothing to tell, and a node sums up thousands of them ten times a second.
        if (!other._hasAny)
        {
            return;
        }

        _hasAny = true;
        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _hasAny = false;
    }

    /// <summary>Indexed by the number of the reason.</summary>
    public ReadOnlySpan<ulong> AsSpan() => _counts;
}

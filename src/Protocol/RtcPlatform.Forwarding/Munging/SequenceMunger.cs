namespace RtcPlatform.Forwarding.Munging;

/// <summary>
/// Maps the publisher's sequence numbers to one subscriber's, and back. What is withheld on purpose (a pause, another
/// layer) leaves no gap; what was lost on the way to us leaves one, so that the subscriber asks for it.
/// </summary>
/// <remarks>
/// A run of packets forwarded from one source is a <see cref="Run"/> with one offset. The last <see cref="Kept"/> runs stay
/// known, for late packets and for NACKs. Use: <see cref="Open"/> at the first packet of a run, <see cref="TryMap"/> for
/// each one, <see cref="Close"/> when a packet is withheld. A value with the newest run inside: a fan-out visits another
/// munger for every packet, and each object on its way is a cache line that it waits for.
/// </remarks>
public struct SequenceMunger
{
    /// <summary>Runs remembered; at one switch a second, what a subscriber may still ask for.</summary>
    public const int Kept = 16;

    private Run _newest;
    private ulong _nextOut;
    private Run[]? _earlier;
    private int _earlierCount;
    private int _latest;

    /// <param name="firstSequence">The first number to go out, 0 to 32767, so that the roll-over counter is certain (RFC 3711 appendix A).</param>
    public SequenceMunger(ushort firstSequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSequence, (ushort)short.MaxValue);
        _nextOut = firstSequence;
    }

    /// <summary>One above the highest number that went out.</summary>
    public readonly ulong Next => _nextOut;

    public bool IsOpen { get; private set; }

    /// <summary>Starts a run at <paramref name="incoming"/>, which becomes <see cref="Next"/>.</summary>
    /// <param name="source">Identifies the layer; compared by reference.</param>
    /// <param name="incoming">Extended sequence number of the run's first packet.</param>
    /// <param name="timestampOffset">What is added to the timestamps of this run.</param>
    public void Open(object source, ulong incoming, uint timestampOffset)
    {
        if (_newest.Source is not null)
        {
            Remember(_newest);
        }

        _newest = new Run
        {
            Source = source,
            FirstIn = incoming,
            EndIn = incoming,
            FirstOut = _nextOut,
            TimestampOffset = timestampOffset,
        };
        IsOpen = true;
    }

    /// <summary>Ends the run after its highest packet so far.</summary>
    public void Close() => IsOpen = false;

    /// <summary>The number for a packet of the open run's source, or of a closed run that it belongs to.</summary>
    /// <returns>False when the packet lies before or between the runs that were forwarded.</returns>
    public bool TryMap(object source, ulong incoming, out ulong outgoing, out uint timestampOffset)
    {
        if (IsOpen && ReferenceEquals(_newest.Source, source) && incoming >= _newest.FirstIn)
        {
            outgoing = _newest.FirstOut + (incoming - _newest.FirstIn);
            timestampOffset = _newest.TimestampOffset;
            _newest.EndIn = Math.Max(_newest.EndIn, incoming + 1);
            _nextOut = Math.Max(_nextOut, outgoing + 1);
            return true;
        }

        return TryMapLate(source, incoming, out outgoing, out timestampOffset);
    }

    /// <summary>Where an outgoing number came from; false when it was never used or is too old.</summary>
    public readonly bool TryFind(ulong outgoing, out object? source, out ulong incoming, out uint timestampOffset)
    {
        for (int back = 0; back <= _earlierCount; back++)
        {
            Run run = Back(back);
            if (outgoing >= run.FirstOut && outgoing - run.FirstOut < run.EndIn - run.FirstIn)
            {
                source = run.Source;
                incoming = run.FirstIn + (outgoing - run.FirstOut);
                timestampOffset = run.TimestampOffset;
                return source is not null;
            }
        }

        source = null;
        incoming = 0;
        timestampOffset = 0;
        return false;
    }

    /// <summary>The full number nearest to the highest one sent that ends in these 16 bits (RFC 3550 appendix A.1).</summary>
    public readonly ulong Extend(ushort sequence)
    {
        ulong highest = _nextOut - 1;
        long extended = (long)highest + (short)(sequence - (ushort)highest);
        return extended < 0 ? ulong.MaxValue : (ulong)extended;
    }

    /// <summary>Drops a source from memory: its numbers start anew or it is gone. Outgoing numbers go on.</summary>
    public void Forget(object source)
    {
        if (ReferenceEquals(_newest.Source, source))
        {
            _newest.Source = null;
            IsOpen = false;
        }

        foreach (ref Run run in _earlier.AsSpan())
        {
            if (ReferenceEquals(run.Source, source))
            {
                run.Source = null;
            }
        }
    }

    private readonly bool TryMapLate(object source, ulong incoming, out ulong outgoing, out uint timestampOffset)
    {
        for (int back = 0; back <= _earlierCount; back++)
        {
            Run run = Back(back);
            if (ReferenceEquals(run.Source, source) && incoming >= run.FirstIn && incoming < run.EndIn)
            {
                outgoing = run.FirstOut + (incoming - run.FirstIn);
                timestampOffset = run.TimestampOffset;
                return true;
            }
        }

        outgoing = 0;
        timestampOffset = 0;
        return false;
    }

    /// <summary>0 = the newest run, then backwards in time.</summary>
    private readonly Run Back(int runs) =>
        runs == 0 ? _newest : _earlier![(_latest - (runs - 1) + _earlier.Length) % _earlier.Length];

    // A ring that grows with the runs: most consumers have one, which is not in it, or two.
    private void Remember(in Run run)
    {
        _earlier ??= new Run[1];
        if (_earlierCount == _earlier.Length && _earlierCount < Kept - 1)
        {
            Array.Resize(ref _earlier, Math.Min((_earlierCount * 2) + 1, Kept - 1));
            _latest = _earlierCount - 1;
        }

        _latest = (_latest + 1) % _earlier.Length;
        _earlierCount = Math.Min(_earlierCount + 1, _earlier.Length);
        _earlier[_latest] = run;
    }

    private struct Run
    {
        public object? Source;
        public ulong FirstIn;
        public ulong EndIn;
        public ulong FirstOut;
        public uint TimestampOffset;
    }
}

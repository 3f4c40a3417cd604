namespace RtcPlatform.Forwarding.Munging;

/// <summary>
/// Maps the publisher's sequence numbers to one subscriber's, and back. What is withheld on purpose (a pause, another
/// layer) leaves no gap; what was lost on the way to us leaves one, so that the subscriber asks for it.
/// </summary>
/// <remarks>
/// A run of packets forwarded from one source is a <see cref="Segment"/> with one offset. The last <see cref="Kept"/>
/// segments stay known, for late packets and for NACKs. Use: <see cref="Open"/> at the first packet of a run,
/// <see cref="TryMap"/> for each one, <see cref="Close"/> when a packet is withheld.
/// </remarks>
public sealed class SequenceMunger
{
    /// <summary>Segments remembered; at one switch a second, what a subscriber may still ask for.</summary>
    public const int Kept = 16;

    // Grows to Kept with the runs: most consumers have one or two.
    private Segment[] _segments = new Segment[2];
    private int _count;
    private int _newest = -1;
    private ulong _nextOut;

    /// <param name="firstSequence">The first number to go out, 0 to 32767, so that the roll-over counter is certain (RFC 3711 appendix A).</param>
    public SequenceMunger(ushort firstSequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSequence, (ushort)short.MaxValue);
        _nextOut = firstSequence;
    }

    /// <summary>One above the highest number that went out.</summary>
    public ulong Next => _nextOut;

    public bool IsOpen { get; private set; }

    /// <summary>Starts a run at <paramref name="incoming"/>, which becomes <see cref="Next"/>.</summary>
    /// <param name="source">Identifies the layer; compared by reference.</param>
    /// <param name="incoming">Extended sequence number of the run's first packet.</param>
    /// <param name="timestampOffset">What is added to the timestamps of this run.</param>
    public void Open(object source, ulong incoming, uint timestampOffset)
    {
        Close();
        if (_count == _segments.Length && _count < Kept)
        {
            Array.Resize(ref _segments, _count * 2);
        }

        _newest = (_newest + 1) % Kept;
        _count = Math.Min(_count + 1, Kept);
        _segments[_newest] = new Segment
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
        if (IsOpen)
        {
            ref Segment open = ref _segments[_newest];
            if (ReferenceEquals(open.Source, source) && incoming >= open.FirstIn)
            {
                outgoing = open.FirstOut + (incoming - open.FirstIn);
                timestampOffset = open.TimestampOffset;
                open.EndIn = Math.Max(open.EndIn, incoming + 1);
                _nextOut = Math.Max(_nextOut, outgoing + 1);
                return true;
            }
        }

        return TryMapLate(source, incoming, out outgoing, out timestampOffset);
    }

    /// <summary>Where an outgoing number came from; false when it was never used or is too old.</summary>
    public bool TryFind(ulong outgoing, out object? source, out ulong incoming, out uint timestampOffset)
    {
        for (int back = 0; back < _count; back++)
        {
            ref readonly Segment segment = ref _segments[(_newest - back + Kept) % Kept];
            if (outgoing >= segment.FirstOut && outgoing - segment.FirstOut < segment.EndIn - segment.FirstIn)
            {
                source = segment.Source;
                incoming = segment.FirstIn + (outgoing - segment.FirstOut);
                timestampOffset = segment.TimestampOffset;
                return source is not null;
            }
        }

        source = null;
        incoming = 0;
        timestampOffset = 0;
        return false;
    }

    /// <summary>The full number nearest to the highest one sent that ends in these 16 bits (RFC 3550 appendix A.1).</summary>
    public ulong Extend(ushort sequence)
    {
        ulong highest = _nextOut - 1;
        long extended = (long)highest + (short)(sequence - (ushort)highest);
        return extended < 0 ? ulong.MaxValue : (ulong)extended;
    }

    /// <summary>Drops a source from memory: its numbers start anew or it is gone. Outgoing numbers go on.</summary>
    public void Forget(object source)
    {
        for (int back = 0; back < _count; back++)
        {
            int index = (_newest - back + Kept) % Kept;
            if (ReferenceEquals(_segments[index].Source, source))
            {
                _segments[index].Source = null;
                IsOpen &= index != _newest;
            }
        }
    }

    private bool TryMapLate(object source, ulong incoming, out ulong outgoing, out uint timestampOffset)
    {
        for (int back = 0; back < _count; back++)
        {
            ref readonly Segment segment = ref _segments[(_newest - back + Kept) % Kept];
            if (ReferenceEquals(segment.Source, source) && incoming >= segment.FirstIn && incoming < segment.EndIn)
            {
                outgoing = segment.FirstOut + (incoming - segment.FirstIn);
                timestampOffset = segment.TimestampOffset;
                return true;
            }
        }

        outgoing = 0;
        timestampOffset = 0;
        return false;
    }

    private struct Segment
    {
        public object? Source;
        public ulong FirstIn;
        public ulong EndIn;
        public ulong FirstOut;
        public uint TimestampOffset;
    }
}

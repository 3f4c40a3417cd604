using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Streams;

/// <summary>
/// Which packets of one source are missing and when each is to be asked for (again) (RFC 4585 section 6.2.1). Reordering
/// is waited out first; each further request waits a round trip, growing, up to <see cref="LongestRetries"/>.
/// </summary>
public sealed class NackRegister
{
    /// <summary>Requests per packet; after that it is given up.</summary>
    public const int LongestRetries = 10;

    // A gap wider than this is a new beginning, not loss: asking for it all would only add to the congestion.
    private const int WidestGap = 256;
    private const int Capacity = 512;

    // Reordering on one path is mostly below this; later it costs a retransmission, not correctness.
    private static readonly TimeSpan ReorderTolerance = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ShortestSpacing = TimeSpan.FromMilliseconds(20);

    private readonly Missing[] _missing = new Missing[Capacity];
    private int _count;
    private ulong _first;
    private ulong _highest;
    private bool _started;

    /// <summary>When <see cref="CollectDue"/> has something to ask for; may be early, never late.</summary>
    public MonoTime NextDue { get; private set; } = MonoTime.Never;

    /// <summary>How many packets are being asked for.</summary>
    public int Count => _count;

    /// <summary>Packets that were not received in spite of all requests.</summary>
    public ulong GivenUp { get; private set; }

    /// <summary>Notes that a packet arrived, by whichever way.</summary>
    /// <param name="roundTrip">When it was asked for exactly once: the time from the request to the arrival; else zero.</param>
    public void Received(ulong sequence, MonoTime now, out TimeSpan roundTrip)
    {
        roundTrip = TimeSpan.Zero;
        if (!_started)
        {
            _started = true;
            _first = sequence;
            _highest = sequence;
            return;
        }

        if (sequence > _highest)
        {
            AddGap(sequence, now);
            _highest = sequence;
            return;
        }

        if (sequence < _first)
        {
            MoveBeginning(sequence, now);
            return;
        }

        int index = IndexOf(sequence);
        if (index >= 0)
        {
            ref Missing missing = ref _missing[index];
            roundTrip = missing.Tries == 1 ? now - missing.AskedAt : TimeSpan.Zero;
            Remove(index);
        }
    }

    /// <summary>Takes the packets to ask for now, lowest first, and plans their next request.</summary>
    /// <param name="sequences">Receives 16-bit sequence numbers; what does not fit stays due.</param>
    public int CollectDue(MonoTime now, TimeSpan roundTrip, Span<ushort> sequences)
    {
        int taken = 0;
        int kept = 0;
        MonoTime next = MonoTime.Never;
        TimeSpan spacing = roundTrip > ShortestSpacing ? roundTrip : ShortestSpacing;
        for (int index = 0; index < _count; index++)
        {
            Missing missing = _missing[index];
            if (missing.DueAt <= now && taken < sequences.Length)
            {
                if (missing.Tries == LongestRetries)
                {
                    GivenUp++;
                    continue;
                }

                sequences[taken++] = (ushort)missing.Sequence;
                missing.Tries++;
                missing.AskedAt = now;

                // Half a round trip more with each try: a queue that is full now is not emptied by asking sooner.
                missing.DueAt = now + (spacing * (1 + ((missing.Tries - 1) * 0.5)));
            }

            next = MonoTime.Min(next, missing.DueAt);
            _missing[kept++] = missing;
        }

        _count = kept;
        NextDue = next;
        return taken;
    }

    private void AddGap(ulong sequence, MonoTime now)
    {
        ulong gap = sequence - _highest - 1;
        if (gap == 0)
        {
            return;
        }

        if (gap > WidestGap)
        {
            GivenUp += (ulong)_count;
            _count = 0;
            NextDue = MonoTime.Never;
            return;
        }

        MonoTime due = now + ReorderTolerance;
        int overflow = _count + (int)gap - Capacity;
        if (overflow > 0)
        {
            GivenUp += (ulong)overflow;
            Array.Copy(_missing, overflow, _missing, 0, _count - overflow);
            _count -= overflow;
        }

        for (ulong missing = _highest + 1; missing < sequence; missing++)
        {
            _missing[_count++] = new Missing { Sequence = missing, DueAt = due };
        }

        NextDue = MonoTime.Min(NextDue, due);
    }

    /// <summary>The first packet to arrive had overtaken others: what lies between is missing too.</summary>
    private void MoveBeginning(ulong sequence, MonoTime now)
    {
        ulong gap = _first - sequence - 1;
        ulong before = _first;
        _first = sequence;
        if (gap == 0 || gap > WidestGap || _count + (int)gap > Capacity)
        {
            return;
        }

        Array.Copy(_missing, 0, _missing, (int)gap, _count);
        _count += (int)gap;
        MonoTime due = now + ReorderTolerance;
        for (ulong missing = sequence + 1; missing < before; missing++)
        {
            _missing[missing - sequence - 1] = new Missing { Sequence = missing, DueAt = due };
        }

        NextDue = MonoTime.Min(NextDue, due);
    }

    private int IndexOf(ulong sequence)
    {
        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ulong found = _missing[middle].Sequence;
            if (found == sequence)
            {
                return middle;
            }

            if (found < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }

    private void Remove(int index)
    {
        _count--;
        Array.Copy(_missing, index + 1, _missing, index, _count - index);
        if (_count == 0)
        {
            NextDue = MonoTime.Never;
        }
    }

    private struct Missing
    {
        public ulong Sequence;
        public MonoTime DueAt;
        public MonoTime AskedAt;
        public int Tries;
    }
}

using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Engine.Congestion;

/// <summary>
/// Arrival times by transport-wide sequence number, and when to tell the sender about them
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01): every 100 ms, sooner when many packets came, never below 50 ms.
/// </summary>
internal sealed class TransportCcRegister
{
    private const int Window = 1024;

    // At 64 packets in 50 ms, about 12 Mbit/s, waiting longer would make single messages long and the estimate slow.
    private const int ManyPackets = 64;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);

    private long[] _arrivals = [];
    private TransportCcArrival[] _pending = [];
    private SequenceExtender _extender;
    private ulong _next;
    private int _unreported;
    private MonoTime _reportedAt = new(0);
    private byte _feedbackCount;

    /// <summary>When <see cref="Write"/> has something to say.</summary>
    public MonoTime Due { get; private set; } = MonoTime.Never;

    /// <summary>
    /// Makes room (24 KiB) for a client that sends; call it before the first <see cref="Add"/>. A client that only receives
    /// needs none.
    /// </summary>
    public void Prepare()
    {
        if (_arrivals.Length == 0)
        {
            _arrivals = new long[Window];
            _pending = new TransportCcArrival[Window];
        }
    }

    public void Add(ushort sequence, MonoTime arrival)
    {
        bool first = _extender.Highest == 0;
        ulong before = _extender.Highest;
        ulong extended = _extender.Extend(sequence);
        if (first)
        {
            _next = extended;
        }
        else if (extended > before)
        {
            Forget(before, extended);
        }
        else if (before - extended >= Window)
        {
            return;
        }

        // A late packet was reported lost: the report starts over from it.
        _next = Math.Max(Math.Min(_next, extended), OldestKept);
        _arrivals[extended % Window] = arrival.Nanoseconds;
        _unreported++;
        if (_unreported == 1)
        {
            Due = Later(arrival + LongestInterval);
        }
        else if (_unreported == ManyPackets)
        {
            Due = Later(arrival);
        }
    }

    /// <summary>Writes the next feedback message; 0 when all is told. Call until 0.</summary>
    public int Write(MonoTime now, Span<byte> destination, uint senderSsrc, uint mediaSsrc)
    {
        int count = 0;
        for (ulong sequence = _next; sequence <= _extender.Highest && _unreported > 0; sequence++)
        {
            long arrival = _arrivals[sequence % Window];
            if (arrival != 0)
            {
                _pending[count++] = new TransportCcArrival((ushort)sequence, new MonoTime(arrival));
            }
        }

        int length = TransportCcFeedbackWriter.Write(
            destination, senderSsrc, mediaSsrc, _feedbackCount, (ushort)_next, _pending.AsSpan(0, count), out int consumed);
        if (length == 0)
        {
            _unreported = 0;
            Due = MonoTime.Never;
            return 0;
        }

        _feedbackCount++;
        _reportedAt = now;
        ushort last = _pending[consumed - 1].Sequence;
        _next = _extender.Peek(last) + 1;
        _unreported = consumed == count ? 0 : count - consumed;
        Due = _unreported == 0 ? MonoTime.Never : now;
        return length;
    }

    private ulong OldestKept => _extender.Highest >= Window ? _extender.Highest - Window + 1 : 0;

    private MonoTime Later(MonoTime time)
    {
        MonoTime earliest = _reportedAt + ShortestInterval;
        return time > earliest ? time : earliest;
    }

    /// <summary>The slots of numbers that were skipped hold arrivals of a whole window ago.</summary>
    private void Forget(ulong before, ulong extended)
    {
        if (extended - before >= Window)
        {
            Array.Clear(_arrivals);
            return;
        }

        for (ulong skipped = before + 1; skipped <= extended; skipped++)
        {
            _arrivals[skipped % Window] = 0;
        }
    }
}

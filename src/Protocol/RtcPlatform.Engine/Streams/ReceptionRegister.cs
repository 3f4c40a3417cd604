using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Streams;

/// <summary>
/// Loss and jitter of one source as its receiver reports them (RFC 3550 sections 6.4.1, A.3, A.8): before repair, since
/// retransmissions are packets of another source (RFC 4588) and the publisher's bit rate depends on what the path loses.
/// </summary>
internal sealed class ReceptionRegister(int clockRate)
{
    private ulong _first;
    private ulong _highest;
    private ulong _received;
    private ulong _expectedBefore;
    private ulong _receivedBefore;
    private long _lastTransit;
    private double _jitter;

    public bool IsEmpty => _received == 0;

    public ulong Highest => _highest;

    /// <summary>Of the last report interval, in 1/256.</summary>
    public byte FractionLost { get; private set; }

    /// <summary>In units of the RTP clock.</summary>
    public uint Jitter => (uint)_jitter;

    public TimeSpan JitterTime => TimeSpan.FromSeconds(_jitter / clockRate);

    public long Lost => IsEmpty ? 0 : (long)(_highest - _first + 1) - (long)_received;

    /// <param name="sequence">Extended.</param>
    public void Add(ulong sequence, uint timestamp, MonoTime arrival)
    {
        long arrivalUnits = (long)(arrival.Nanoseconds / 1e9 * clockRate);
        long transit = arrivalUnits - timestamp;
        if (_received == 0)
        {
            _first = sequence;
            _highest = sequence;
        }
        else
        {
            _first = Math.Min(_first, sequence);
            _highest = Math.Max(_highest, sequence);

            // The difference wraps with the 32-bit timestamp.
            int difference = (int)(transit - _lastTransit);
            _jitter += (Math.Abs((double)difference) - _jitter) / 16;
        }

        _lastTransit = transit;
        _received++;
    }

    /// <summary>Closes the interval and sets <see cref="FractionLost"/>.</summary>
    public void CloseInterval()
    {
        ulong expected = IsEmpty ? 0 : _highest - _first + 1;
        long expectedNow = (long)(expected - _expectedBefore);
        long lostNow = expectedNow - (long)(_received - _receivedBefore);
        _expectedBefore = expected;
        _receivedBefore = _received;
        FractionLost = expectedNow <= 0 || lostNow <= 0 ? (byte)0 : (byte)Math.Min(255, (lostNow << 8) / expectedNow);
    }
}

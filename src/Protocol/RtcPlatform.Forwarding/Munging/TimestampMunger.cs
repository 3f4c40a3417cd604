using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Forwarding.Munging;

/// <summary>
/// Chooses the offset between a source's timestamps and one subscriber's, so that the subscriber sees one clock that only
/// moves forward: by sender reports where both sources have one, else by the time that passed between the packets.
/// </summary>
public struct TimestampMunger
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);

    private object? _source;
    private ClockReference _reference;
    private uint _offset;
    private uint _lastOut;
    private MonoTime _lastAt;
    private bool _isStarted;

    /// <summary>The offset in force, added to the source's timestamps.</summary>
    public readonly uint Offset => _offset;

    /// <summary>Remembers what went out; call it for every packet in order of arrival.</summary>
    public void Sent(MonoTime now, uint outgoing)
    {
        if (!_isStarted || (int)(outgoing - _lastOut) > 0)
        {
            _lastOut = outgoing;
            _lastAt = now;
            _isStarted = true;
        }
    }

    /// <summary>A run of packets starts; returns the offset for it.</summary>
    public uint Start(MonoTime now, object source, ClockReference reference, uint incoming, int clockRate)
    {
        bool isSame = ReferenceEquals(source, _source);
        uint aligned = _offset;
        bool isAligned = isSame;
        if (!isSame && !reference.IsNone && !_reference.IsNone)
        {
            aligned = _offset + _reference.Rtp - reference.RtpAt(_reference.Ntp, clockRate);
            isAligned = true;
        }

        _source = source;
        _reference = reference;
        if (!_isStarted)
        {
            _offset = 0;
        }
        else if (isAligned && IsForward(incoming + aligned, now, clockRate))
        {
            _offset = aligned;
        }
        else
        {
            _offset = _lastOut + Elapsed(now, clockRate) - incoming;
        }

        return _offset;
    }

    /// <summary>The source's newest sender report.</summary>
    public void Report(object source, ClockReference reference)
    {
        if (ReferenceEquals(source, _source))
        {
            _reference = reference;
        }
    }

    /// <summary>The source's clock starts anew or is gone; the next run continues by the time that passed.</summary>
    public void Forget(object source)
    {
        if (ReferenceEquals(source, _source))
        {
            _source = null;
            _reference = default;
        }
    }

    // A step is believed when it is forward and not far longer than the pause was.
    private readonly bool IsForward(uint outgoing, MonoTime now, int clockRate)
    {
        int step = (int)(outgoing - _lastOut);
        double seconds = (now - _lastAt + LongestStep).TotalSeconds;
        return step > 0 && step < Math.Min(seconds * clockRate, int.MaxValue);
    }

    private readonly uint Elapsed(MonoTime now, int clockRate)
    {
        double ticks = (now - _lastAt).TotalSeconds * clockRate;
        return (uint)(long)Math.Clamp(ticks, 1, int.MaxValue);
    }
}

namespace RtcPlatform.Engine.Streams;

/// <summary>The smoothed round trip of one peer, from report answers and from the time that a retransmission takes.</summary>
public sealed class RoundTripEstimator
{
    private static readonly TimeSpan Unmeasured = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _smoothed;

    /// <summary>Zero until measured.</summary>
    public TimeSpan Measured => _smoothed;

    /// <summary>The estimate, or 100 ms before there is one.</summary>
    public TimeSpan Value => _smoothed == TimeSpan.Zero ? Unmeasured : _smoothed;

    /// <summary>Takes a sample; one that is not positive or over 5 s is a clock's fault and ignored.</summary>
    public void Add(TimeSpan sample)
    {
        if (sample <= TimeSpan.Zero || sample > Longest)
        {
            return;
        }

        // RFC 6298 section 2.3: one eighth of each sample.
        _smoothed = _smoothed == TimeSpan.Zero ? sample : _smoothed + ((sample - _smoothed) / 8);
    }
}

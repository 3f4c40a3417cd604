namespace RtcPlatform.Signaling.Connections;

/// <summary>A token bucket over the calls of one connection. Used by one call at a time.</summary>
internal sealed class CallBudget(int perSecond, int burst, long now)
{
    private double _left = burst;
    private long _at = now;

    /// <param name="now">Timestamp of <paramref name="time"/>.</param>
    public bool TryTake(TimeProvider time, long now)
    {
        double earned = time.GetElapsedTime(_at, now).TotalSeconds * perSecond;
        _left = Math.Min(burst, _left + earned);
        _at = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }
}

namespace RtcPlatform.MediaNode.Agent;

/// <summary>How long to wait before dialling again: from 100 ms, doubling, to 2 s, half of it by chance, so that nodes do not dial in step.</summary>
public static class Backoff
{
    private const int ShortestMs = 100;
    private const int LongestMs = 2_000;

    /// <param name="attempt">0 for the first wait after a connection.</param>
    public static TimeSpan Delay(int attempt)
    {
        int full = attempt > 5 ? LongestMs : Math.Min(LongestMs, ShortestMs << attempt);
        return TimeSpan.FromMilliseconds(full * (0.5 + Random.Shared.NextDouble() / 2));
    }
}

using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>
/// Looks for the most subscribers that are served within the limits: half as many more at each step until it is too much,
/// then halves of the difference, down to a twentieth. Sizes and verdicts only; who joins and what is measured is the caller's.
/// </summary>
internal sealed class MostSearch(ServiceLimits limits, int first, int largest)
{
    private const double Growth = 1.5;
    private const double Precision = 0.05;

    private readonly List<MostStep> _steps = [];
    private int _good;
    private int _bad = largest + 1;

    /// <summary>The size to try next; null = the search is over.</summary>
    public int? Next()
    {
        if (_steps.Count == 0)
        {
            return first;
        }

        if (_bad - _good <= Math.Max(1, _good * Precision) || _bad <= 1)
        {
            return null;
        }

        bool isGrowing = _bad > largest;
        int next = isGrowing ? (int)Math.Ceiling(Math.Max(_good, 1) * Growth) : (_good + _bad) / 2;
        next = Math.Min(next, largest);
        return next <= _good ? null : next;
    }

    /// <summary>What was found at that size.</summary>
    public MostStep Judge(int subscribers, MediaResult media, double serverCores)
    {
        bool good = media.LossShare <= limits.MostLoss && media.Latency.P99 <= limits.MostLatency.TotalMilliseconds;
        var step = new MostStep(subscribers, good, media.LossShare, media.Latency.P99, media.PacketsPerSecond, serverCores);
        _steps.Add(step);
        _good = good ? Math.Max(_good, subscribers) : _good;
        _bad = good ? _bad : Math.Min(_bad, subscribers);
        return step;
    }

    public MostResult Result() => new(_good, limits.MostLoss, limits.MostLatency.TotalMilliseconds, _steps);
}

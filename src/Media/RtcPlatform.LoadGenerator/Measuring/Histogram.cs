using System.Numerics;

namespace RtcPlatform.LoadGenerator.Measuring;

/// <summary>
/// Counts durations in buckets of 1/64 of a power of two: percentiles are right to 1.6 %, whatever their size, and recording
/// is one addition. One thread records; others may read, then missing what is just being recorded.
/// </summary>
public sealed class Histogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    // Up to 2^40 ns, 18 minutes.
    private const int Buckets = (40 - SubBits + 2) * SubBuckets;

    private readonly long[] _counts = new long[Buckets];
    private long _max;

    public long Count { get; private set; }

    /// <summary>Nanoseconds, exact.</summary>
    public long Max => Volatile.Read(ref _max);

    /// <param name="nanoseconds">Negative counts as 0 (clocks that were set back), more than 18 minutes as that.</param>
    public void Record(long nanoseconds)
    {
        _counts[Bucket(Math.Max(0, nanoseconds))]++;
        Count++;
        if (nanoseconds > _max)
        {
            Volatile.Write(ref _max, nanoseconds);
        }
    }

    /// <summary>The upper edge of the bucket that this share of the values does not exceed; 0 when there are none.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>Nanoseconds.</returns>
    public long Percentile(double share)
    {
        long total = _counts.Sum();
        long wanted = Math.Max(1, (long)Math.Ceiling(total * share));
        long passed = 0;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            passed += _counts[bucket];
            if (passed >= wanted && total > 0)
            {
                return Math.Min(UpperEdge(bucket), Max);
            }
        }

        return Max;
    }

    public void Add(Histogram other)
    {
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        _max = Math.Max(_max, other.Max);
    }

    /// <summary>What was recorded since <paramref name="earlier"/> was copied; its maximum is the upper edge of its highest bucket.</summary>
    public Histogram Since(Histogram earlier)
    {
        var since = new Histogram();
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            long more = _counts[bucket] - earlier._counts[bucket];
            since._counts[bucket] = more;
            since.Count += more;
            since._max = more > 0 ? Math.Min(UpperEdge(bucket), Max) : since._max;
        }

        return since;
    }

    public Histogram Copy()
    {
        var copy = new Histogram();
        copy.Add(this);
        return copy;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        _max = 0;
    }

    private static int Bucket(long value)
    {
        int exponent = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value | 1) - SubBits);
        long bucket = ((long)exponent << SubBits) + (value >> exponent);
        return (int)Math.Min(bucket, Buckets - 1);
    }

    private static long UpperEdge(int bucket)
    {
        int exponent = Math.Max(0, (bucket >> SubBits) - 1);
        long mantissa = bucket - ((long)exponent << SubBits);
        return ((mantissa + 1) << exponent) - 1;
    }
}

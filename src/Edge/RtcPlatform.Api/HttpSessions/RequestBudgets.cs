using System.Collections.Concurrent;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>
/// Token buckets by name: so many requests at once, then so many per second (RFC 9725 section 5 asks for a limit on POST, PATCH
/// and DELETE). A bucket that is full again is forgotten.
/// </summary>
internal sealed class RequestBudgets(TimeProvider time, double perSecond, int burst)
{
    /// <summary>An attacker can invent any number of names.</summary>
    private const int MostBuckets = 100_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Seconds to wait when nothing is left; 0 when one was taken.</summary>
    public int Take(string name)
    {
        Bucket bucket = Of(name);
        lock (bucket)
        {
            Fill(bucket);
            if (bucket.Left < 1)
            {
                return (int)Math.Ceiling((1 - bucket.Left) / perSecond);
            }

            bucket.Left--;
            return 0;
        }
    }

    /// <summary>Seconds to wait when nothing is left, else 0; takes nothing.</summary>
    public int Look(string name)
    {
        if (!_buckets.TryGetValue(name, out Bucket? bucket))
        {
            return 0;
        }

        lock (bucket)
        {
            Fill(bucket);
            return bucket.Left < 1 ? (int)Math.Ceiling((1 - bucket.Left) / perSecond) : 0;
        }
    }

    private Bucket Of(string name)
    {
        if (_buckets.Count >= MostBuckets)
        {
            ForgetFull();
        }

        return _buckets.GetOrAdd(name, static (_, start) => new Bucket { Left = start.Burst, At = start.Now }, (Burst: burst, Now: time.GetTimestamp()));
    }

    private void Fill(Bucket bucket)
    {
        long now = time.GetTimestamp();
        bucket.Left = Math.Min(burst, bucket.Left + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
        bucket.At = now;
    }

    private void ForgetFull()
    {
        TimeSpan full = TimeSpan.FromSeconds(burst / perSecond);
        foreach ((string name, Bucket bucket) in _buckets)
        {
            if (time.GetElapsedTime(bucket.At) >= full)
            {
                _buckets.TryRemove(name, out _);
            }
        }
    }

    private sealed class Bucket
    {
        public double Left;
        public long At;
    }
}

using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Sums over sessions.</summary>
internal static class Counting
{
    /// <summary>Packets that were sent during the measurement, once for each subscriber's stream, and how many of them came.</summary>
    public static (long Expected, long Received) Delivered(IEnumerable<LoadClient> subscribers)
    {
        long expected = 0;
        long received = 0;
        foreach (ReceivedStream stream in subscribers.SelectMany(static s => s.Received))
        {
            expected += stream.Wanted.MeasuredTo - stream.Wanted.MeasuredFrom;
            received += stream.Measured;
        }

        return (expected, received);
    }

    public static Histogram Merge(IEnumerable<Histogram> histograms)
    {
        var all = new Histogram();
        foreach (Histogram histogram in histograms)
        {
            all.Add(histogram);
        }

        return all;
    }

    /// <summary>From the POST to what <paramref name="reached"/> tells, of those who reached it.</summary>
    public static Percentiles Since(IEnumerable<LoadSession> sessions, Func<SetupTimes, Wire.Numbers.MonoTime> reached)
    {
        var histogram = new Histogram();
        foreach (LoadSession session in sessions)
        {
            if (reached(session.Times) is var at && at != default)
            {
                histogram.Record(at.Nanoseconds - session.Times.Posted.Nanoseconds);
            }
        }

        return Percentiles.Of(histogram);
    }

    public static long Sum(IEnumerable<LoadClient> subscribers, Func<ReceivedStream, long> of) =>
        subscribers.SelectMany(static s => s.Received).Sum(of);

    public static IEnumerable<PublishedStream> Streams(IEnumerable<LoadClient> publishers) =>
        publishers.SelectMany(static p => p.Streams);
}

namespace RtcPlatform.LoadGenerator.Measuring;

/// <summary>What is told about a distribution of durations, in milliseconds.</summary>
public sealed record Percentiles(long Count, double P50, double P90, double P99, double P999, double Max)
{
    public static Percentiles Of(Histogram histogram) => new(
        histogram.Count,
        Milliseconds(histogram.Percentile(0.5)),
        Milliseconds(histogram.Percentile(0.9)),
        Milliseconds(histogram.Percentile(0.99)),
        Milliseconds(histogram.Percentile(0.999)),
        Milliseconds(histogram.Max));

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 4);
}

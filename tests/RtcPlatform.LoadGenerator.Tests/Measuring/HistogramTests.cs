using RtcPlatform.LoadGenerator.Measuring;

namespace RtcPlatform.LoadGenerator.Tests.Measuring;

public sealed class HistogramTests
{
    private const double Precision = 1.0 / 64;

    private static readonly double[] Shares = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

    [Fact]
    public void Percentiles_are_at_most_one_sixty_fourth_above_those_of_a_sorted_list()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            long[] values = [.. Enumerable.Range(0, random.Next(1, 3000)).Select(_ => Duration(random))];
            Histogram histogram = Of(values);
            Assert.Equal((values.Length, values.Max()), (histogram.Count, histogram.Max));
            AssertPercentiles(values, histogram, $"seed {seed}");
        }
    }

    [Fact]
    public void Two_together_are_as_one_that_recorded_both()
    {
        var random = new Random(1);
        long[] first = [.. Enumerable.Range(0, 500).Select(_ => Duration(random))];
        long[] second = [.. Enumerable.Range(0, 700).Select(_ => Duration(random))];
        Histogram both = Of(first);
        both.Add(Of(second));

        Assert.Equal((1200, first.Concat(second).Max()), (both.Count, both.Max));
        AssertPercentiles([.. first, .. second], both, "both");
    }

    [Fact]
    public void Since_a_copy_is_what_came_after_it()
    {
        var random = new Random(2);
        long[] later = [.. Enumerable.Range(0, 400).Select(_ => Duration(random))];
        Histogram histogram = Of([.. Enumerable.Range(0, 300).Select(_ => Duration(random))]);
        Histogram earlier = histogram.Copy();
        Array.ForEach(later, histogram.Record);
        Histogram since = histogram.Since(earlier);

        Assert.Equal((400, 300), (since.Count, earlier.Count));
        Assert.InRange(since.Max, later.Max(), later.Max() * (1 + Precision));
        AssertPercentiles(later, since, "since");
        Assert.Equal(0, histogram.Since(histogram.Copy()).Percentile(0.99));
    }

    [Fact]
    public void Nothing_is_zero_and_what_lies_outside_counts_as_the_nearest()
    {
        var histogram = new Histogram();
        Assert.Equal((0L, 0L), (histogram.Percentile(0.5), histogram.Max));
        histogram.Record(-7);
        Assert.Equal((1L, 0L), (histogram.Count, histogram.Percentile(1)));
        histogram.Record(long.MaxValue);
        Assert.Equal(2, histogram.Count);
        Assert.InRange(histogram.Percentile(1), TimeSpan.FromMinutes(18).Ticks * 100, long.MaxValue);
        histogram.Clear();
        Assert.Equal((0L, 0L, 0L), (histogram.Count, histogram.Percentile(1), histogram.Max));
    }

    [Fact]
    public void It_is_told_in_milliseconds()
    {
        Percentiles told = Percentiles.Of(Of([1_000_000, 2_000_000]));

        Assert.Equal((2L, 2.0), (told.Count, told.Max));
        Assert.InRange(told.P50, 1, 1 * (1 + Precision));
    }

    private static void AssertPercentiles(long[] values, Histogram histogram, string which)
    {
        long[] sorted = [.. values.Order()];
        foreach (double share in Shares)
        {
            long exact = sorted[Math.Max(1, (int)Math.Ceiling(sorted.Length * share)) - 1];
            long told = histogram.Percentile(share);
            Assert.True(told >= exact && told <= exact * (1 + Precision), $"{which}, share {share}: {told} instead of {exact}");
        }
    }

    /// <summary>From nothing to a quarter of an hour, each order of magnitude as likely as the others.</summary>
    private static long Duration(Random random) => (long)Math.Exp(random.NextDouble() * Math.Log(9e11)) - 1;

    private static Histogram Of(long[] values)
    {
        var histogram = new Histogram();
        Array.ForEach(values, histogram.Record);
        return histogram;
    }
}

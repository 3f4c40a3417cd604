using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Runs;

namespace RtcPlatform.LoadGenerator.Tests.Runs;

public sealed class MostSearchTests
{
    private const int Largest = 16_000;

    private static readonly ServiceLimits Limits = new(0.01, TimeSpan.FromMilliseconds(50));

    [Fact]
    public void The_limit_of_a_server_is_found_to_a_twentieth_from_wherever_the_search_begins()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            int limit = random.Next(1, Largest + 1);
            int first = random.Next(1, 400);
            MostResult found = Search(first, size => size <= limit);

            Assert.True(
                found.Subscribers <= limit && found.Subscribers >= Math.Min(limit - 1, limit / 1.05 - 1),
                $"seed {seed}: {found.Subscribers} of {limit}, from {first}");
            Assert.True(found.Steps.Count < 40, $"seed {seed}: {found.Steps.Count} steps");
            Assert.Equal(found.Steps.Count, found.Steps.Select(static s => s.Subscribers).Distinct().Count());
        }
    }

    [Fact]
    public void A_server_that_serves_nobody_is_0_and_one_that_serves_all_is_the_largest()
    {
        Assert.Equal(0, Search(100, static _ => false).Subscribers);
        Assert.Equal(Largest, Search(100, static _ => true).Subscribers);
    }

    [Fact]
    public void Loss_and_latency_are_judged_at_their_limits()
    {
        var search = new MostSearch(Limits, 1, Largest);

        Assert.True(search.Judge(1, Result(0.01, 50), 0).Good);
        Assert.False(search.Judge(2, Result(0.0101, 1), 0).Good);
        Assert.False(search.Judge(3, Result(0, 50.1), 0).Good);
    }

    private static MostResult Search(int first, Func<int, bool> serves)
    {
        var search = new MostSearch(Limits, first, Largest);
        while (search.Next() is { } size)
        {
            search.Judge(size, Result(serves(size) ? 0 : 0.5, 1), serverCores: 0);
        }

        return search.Result();
    }

    private static MediaResult Result(double loss, double p99) => WarningsTests.GoodMedia with
    {
        LossShare = loss,
        Latency = new Percentiles(1, 0, 0, p99, p99, p99),
    };
}

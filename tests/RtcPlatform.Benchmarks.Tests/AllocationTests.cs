using System.Reflection;
using System.Text.Json;

namespace RtcPlatform.Benchmarks.Tests;

/// <summary>Octets that each benchmark allocates per call, against expected-allocations.json. No time is measured here.</summary>
public sealed class AllocationTests
{
    private const int Calls = 2_000;

    private static readonly Dictionary<string, long> Expected = JsonSerializer.Deserialize<Dictionary<string, long>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "expected-allocations.json")))!;

    public static TheoryData<string> Classes() => [.. BenchmarkCatalog.Classes().Select(static type => type.Name)];

    [Fact]
    public void Every_benchmark_has_an_entry_and_every_entry_a_benchmark() => Assert.Equal(
        Expected.Keys.Order(StringComparer.Ordinal),
        BenchmarkCatalog.Classes().SelectMany(BenchmarkCatalog.Methods).Select(BenchmarkCatalog.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Classes))]
    public void It_allocates_what_is_expected(string name)
    {
        Type type = BenchmarkCatalog.Classes().Single(candidate => candidate.Name == name);
        foreach ((object instance, string parameters) in BenchmarkCatalog.Instances(type))
        {
            foreach (MethodInfo method in BenchmarkCatalog.Methods(type))
            {
                string called = BenchmarkCatalog.Name(method);
                Func<int> benchmark = method.CreateDelegate<Func<int>>(instance);
                Assert.True(benchmark() > 0, $"{called} ({parameters}) does nothing");
                long octets = PerCall(benchmark);
                Assert.True(
                    Expected.GetValueOrDefault(called, -1) == octets,
                    $"{called} ({parameters}) allocates {octets} octets per call, expected {Expected.GetValueOrDefault(called, -1)}");
            }
        }
    }

    /// <summary>The first round fills caches and tables that grow once; rounded up, so that one octet in all of it is seen.</summary>
    private static long PerCall(Func<int> benchmark)
    {
        Run(benchmark);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(benchmark);
        long octets = GC.GetAllocatedBytesForCurrentThread() - before;
        return (octets + Calls - 1) / Calls;
    }

    private static void Run(Func<int> benchmark)
    {
        for (int call = 0; call < Calls; call++)
        {
            _ = benchmark();
        }
    }
}

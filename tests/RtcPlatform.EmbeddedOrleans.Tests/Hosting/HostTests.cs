using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Hosting;
using RtcPlatform.EmbeddedOrleans.Tests.Runtime;
using RtcPlatform.EmbeddedOrleans.Tests.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Hosting;

public interface ITally : IGrainWithStringKey
{
    Task Add();

    ValueTask<int> AddAcrossAwait();

    Task<bool> RunsAlone();
}

public sealed class TallyGrain : Grain, ITally
{
    private int _total;
    private int _inside;
    private bool _overlapped;

    public Task Add()
    {
        _overlapped |= Interlocked.Increment(ref _inside) != 1;
        _total++;
        Interlocked.Decrement(ref _inside);
        return Task.CompletedTask;
    }

    public async ValueTask<int> AddAcrossAwait()
    {
        var before = _total;
        await Task.Yield();
        _total = before + 1;
        return _total;
    }

    public Task<bool> RunsAlone() => Task.FromResult(!_overlapped);
}

public class HostTests
{
    [Fact]
    public async Task Many_threads_call_one_grain_and_no_call_overlaps_another()
    {
        using var host = await StartAsync(new Journal());
        var tally = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITally>("t");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await tally.Add();
                await tally.AddAcrossAwait();
            }
        })));

        Assert.Equal(8001, await tally.AddAcrossAwait());
        Assert.True(await tally.RunsAlone());
        await host.StopAsync();
    }

    [Fact]
    public async Task Grains_call_grains_and_a_seat_is_sold_once()
    {
        using var host = await StartAsync(new Journal());
        var client = host.Services.GetRequiredService<IClusterClient>();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.GetGrain<IDoor>($"{i}").Enter("hall", 20)));

        Assert.Equal(20, await client.GetGrain<ISeats>("hall").Taken());
        await host.StopAsync();
    }

    [Fact]
    public async Task Stopping_the_host_says_farewell_to_every_grain()
    {
        var journal = new Journal { ActivationTakes = TimeSpan.Zero };
        using var host = await StartAsync(journal);
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ILived>("a").Count();

        await host.StopAsync();

        Assert.Contains("-a ShuttingDown", journal.Lines);
        await Assert.ThrowsAsync<Orleans.Runtime.SiloUnavailableException>(
            () => host.Services.GetRequiredService<IGrainFactory>().GetGrain<ILived>("a").Count());
    }

    [Fact]
    public async Task Both_kinds_of_host_builder_take_the_runtime()
    {
        using var host = new HostBuilder()
            .UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault().UseInMemoryReminderService())
            .Build();
        await host.StartAsync();

        Assert.Equal(1, await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITally>("x").AddAcrossAwait());
        await host.StopAsync();
    }

    [Fact]
    public async Task Calls_per_second_are_printed()
    {
        using var host = await StartAsync(new Journal());
        var tally = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITally>("t");
        const int calls = 20_000;
        for (var i = 0; i < calls; i++)
        {
            await tally.Add();
        }

        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < calls; i++)
        {
            await tally.Add();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{watch.Elapsed.TotalMicroseconds / calls:F2} us and {(GC.GetTotalAllocatedBytes() - allocated) / calls} bytes per call");
        Assert.True(await tally.RunsAlone());
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(Journal journal)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(journal);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorage("accounts").UseInMemoryReminderService());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using RtcPlatform.EmbeddedOrleans.Reminders;
using RtcPlatform.EmbeddedOrleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Hosting;

internal sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;

/// <summary>Registers the runtime.</summary>
internal static class SiloServices
{
    /// <summary>The runtime and what the application may ask for; more than once does no harm.</summary>
    public static void AddSilo(this IServiceCollection services)
    {
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILaneDispatcher, ThreadPoolDispatcher>();
        services.TryAddSingleton<Silo>();
        services.TryAddSingleton<IdleCollector>();
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<Silo>().Factory);
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<IClusterClient>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SiloService>());
    }
}

/// <summary>Ties the runtime to the life of the process.</summary>
internal sealed class SiloService(Silo silo, IServiceProvider services) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<IdleCollector>();
        if (services.GetService<ReminderService>() is { } reminders)
        {
            await reminders.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<ReminderService>() is { } reminders)
        {
            await reminders.StopAsync(cancellationToken);
        }

        await silo.StopAsync(cancellationToken);
    }
}

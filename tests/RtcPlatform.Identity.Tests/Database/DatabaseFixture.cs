using Microsoft.Extensions.DependencyInjection;
using RtcPlatform.Identity.Tests.Database;
using RtcPlatform.Persistence;
using RtcPlatform.TestKit.Postgres;

[assembly: AssemblyFixture(typeof(DatabaseFixture))]

namespace RtcPlatform.Identity.Tests.Database;

/// <summary>One PostgreSQL for the assembly.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Postgres = await PostgresServer.Start();

    public ValueTask DisposeAsync() => Postgres.DisposeAsync();

    /// <summary>The module as a server composes it.</summary>
    internal static ServiceProvider Compose(string connectionString, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddPersistence(new PostgresOptions { ConnectionString = connectionString });
        services.AddIdentity(new IdentityOptions { DataKey = Convert.ToBase64String(new byte[32]) });
        return services.BuildServiceProvider();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RtcPlatform.Persistence.Migrations;

namespace RtcPlatform.Identity.Tests.Database;

public sealed class MigrationTests(DatabaseFixture database)
{
    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        string connection = await database.Postgres.CreateDatabase();
        await using ServiceProvider server = DatabaseFixture.Compose(connection);
        DatabaseMigrator migrator = server.GetRequiredService<DatabaseMigrator>();

        Assert.False(migrator.IsDone);
        await migrator.Migrate(default);
        await migrator.Migrate(default);

        Assert.True(migrator.IsDone);
        Assert.Equal(1L, await Count(connection, "identity.migrations_history"));
    }

    [Fact]
    public async Task Servers_that_start_at_once_all_succeed()
    {
        string connection = await database.Postgres.CreateDatabase();
        ServiceProvider[] servers = [.. Enumerable.Range(0, 4).Select(_ => DatabaseFixture.Compose(connection))];

        await Task.WhenAll(servers.Select(server => server.GetRequiredService<DatabaseMigrator>().Migrate(default)));

        Assert.Equal(1L, await Count(connection, "identity.migrations_history"));
        foreach (ServiceProvider server in servers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<long> Count(string connectionString, string table)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand count = new($"SELECT count(*) FROM {table}", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}

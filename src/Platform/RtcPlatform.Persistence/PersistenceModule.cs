using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RtcPlatform.Persistence.Conventions;
using RtcPlatform.Persistence.Migrations;

namespace RtcPlatform.Persistence;

public static class PersistenceModule
{
    /// <summary>One data source for all modules.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read; the message names the part, never a
    /// password.</exception>
    public static IServiceCollection AddPersistence(this IServiceCollection services, PostgresOptions options)
    {
        NpgsqlConnectionStringBuilder connection = new(options.ConnectionString)
        {
            Timeout = Math.Clamp(options.ConnectTimeoutSeconds, 1, 60),
            ApplicationName = "rtcplatform",
        };
        if (string.IsNullOrWhiteSpace(connection.Host))
        {
            throw new ArgumentException("the connection string names no Host");
        }

        services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        services.AddSingleton(provider => new DatabaseMigrator(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetServices<IModuleSchema>()));
        services.AddSingleton<DatabaseProbe>();
        return services;
    }

    /// <summary>A module's context: its own schema, its own migrations and their history.</summary>
    public static IServiceCollection AddModuleContext<TContext>(this IServiceCollection services, string schema)
        where TContext : ModuleContext
    {
        services.AddDbContextFactory<TContext>((provider, builder) => builder
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                postgres => postgres
                    .MigrationsHistoryTable("migrations_history", schema)
                    .MigrationsAssembly(typeof(TContext).Assembly.GetName().Name))
            // Migrations are written by hand and carry no model snapshot, which EF would compare the model with.
            .ConfigureWarnings(warnings => warnings.Ignore(
                RelationalEventId.PendingModelChangesWarning, RelationalEventId.MigrationsNotFound)));
        services.AddSingleton<IModuleSchema, ModuleSchema<TContext>>();
        return services;
    }
}

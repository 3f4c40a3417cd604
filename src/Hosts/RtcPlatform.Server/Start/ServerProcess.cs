using Npgsql;
using RtcPlatform.Identity;
using RtcPlatform.Identity.Tenants;
using RtcPlatform.Persistence;
using RtcPlatform.Persistence.Migrations;
using RtcPlatform.Server.Options;

namespace RtcPlatform.Server.Start;

/// <summary>From the command line to the exit code.</summary>
internal static class ServerProcess
{
    public static async Task<int> Run(string[] arguments)
    {
        try
        {
            await using WebApplication app = ServerComposition.Build(arguments);
            Ports.RequireFree(app.Configuration);
            await PrepareDatabase(app.Services, CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (StartFault fault)
        {
            await Console.Error.WriteLineAsync($"rtc-server: {fault.Message}");
            return fault.ExitCode;
        }
        catch (IOException fault) when (fault.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"rtc-server: {fault.Message}");
            return ExitCode.PortTaken;
        }
    }

    /// <summary>Migrates, then seeds what the options ask for.</summary>
    /// <exception cref="StartFault">The database cannot be reached, or refuses.</exception>
    public static async Task PrepareDatabase(IServiceProvider services, CancellationToken cancellation)
    {
        try
        {
            await services.GetRequiredService<DatabaseMigrator>().Migrate(cancellation);
            if (services.GetRequiredService<IdentityOptions>().Development is { } development)
            {
                await services.GetRequiredService<ProjectDirectory>().SeedDevelopment(development, cancellation);
            }
        }
        catch (Exception problem) when (DatabaseFault.IsConnectionFault(problem))
        {
            NpgsqlConnectionStringBuilder address = new(services.GetRequiredService<PostgresOptions>().ConnectionString);
            throw new StartFault(
                ExitCode.NoDatabase,
                $"the database {address.Database} at {address.Host}:{address.Port} does not serve: {DatabaseFault.Describe(problem)}");
        }
        catch (Exception problem) when (problem is InvalidDataException or UnauthorizedAccessException)
        {
            throw new StartFault(ExitCode.BadOptions, problem.Message);
        }
    }
}

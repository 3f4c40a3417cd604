using Orleans;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Persistence;
using RtcPlatform.Persistence.Migrations;

namespace RtcPlatform.Server.Health;

/// <summary>Asks everything that a join needs.</summary>
internal sealed class Readiness(DatabaseMigrator migrator, DatabaseProbe database, IGrainFactory grains)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<ReadinessReport> Check(CancellationToken cancellation)
    {
        Task<ReadinessCheck> databaseCheck = CheckDatabase(cancellation);
        Task<ReadinessCheck> mediaCheck = CheckMedia(cancellation);
        Dictionary<string, ReadinessCheck> checks = new()
        {
            ["database"] = await databaseCheck,
            ["media"] = await mediaCheck,
        };
        return new ReadinessReport(checks.Values.All(check => check.Ok), checks);
    }

    private async Task<ReadinessCheck> CheckDatabase(CancellationToken cancellation)
    {
        if (!migrator.IsDone)
        {
            return new ReadinessCheck(false, "migrations have not run");
        }

        string? fault = await database.FindFault(Patience, cancellation);
        return new ReadinessCheck(fault is null, fault ?? "answers, migrated");
    }

    private async Task<ReadinessCheck> CheckMedia(CancellationToken cancellation)
    {
        try
        {
            NodeStatus[] nodes = await grains.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Snapshot()
                .WaitAsync(Patience, cancellation);
            int alive = nodes.Count(node => node.Alive);
            return new ReadinessCheck(alive > 0, alive > 0 ? $"{alive} media nodes" : "no media node is connected");
        }
        catch (TimeoutException)
        {
            return new ReadinessCheck(false, "the node directory does not answer");
        }
    }
}

/// <summary>The body of <c>/readyz</c>.</summary>
internal sealed record ReadinessReport(bool Ready, IReadOnlyDictionary<string, ReadinessCheck> Checks);

internal sealed record ReadinessCheck(bool Ok, string Detail);

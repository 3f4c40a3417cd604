using Microsoft.EntityFrameworkCore;
using RtcPlatform.Persistence.Conventions;

namespace RtcPlatform.Persistence.Migrations;

/// <summary>One module's part of the migration.</summary>
internal interface IModuleSchema
{
    Task Migrate(CancellationToken cancellation);
}

internal sealed class ModuleSchema<TContext>(IDbContextFactory<TContext> contexts) : IModuleSchema
    where TContext : ModuleContext
{
    public async Task Migrate(CancellationToken cancellation)
    {
        await using TContext context = await contexts.CreateDbContextAsync(cancellation);
        await context.Database.MigrateAsync(cancellation);
    }
}

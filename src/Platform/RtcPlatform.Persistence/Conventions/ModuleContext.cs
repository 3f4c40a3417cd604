using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace RtcPlatform.Persistence.Conventions;

/// <summary>
/// A module's tables: one schema, names in snake_case, every row owned by a tenant. What breaks that is an exception at the
/// first use of the model or at the write, never a row.
/// </summary>
public abstract class ModuleContext(DbContextOptions options) : DbContext(options)
{
    protected abstract string Schema { get; }

    /// <summary>Describes the module's tables; names are given by hand.</summary>
    protected abstract void Describe(ModelBuilder model);

    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        Describe(modelBuilder);
        foreach (IMutableEntityType entity in modelBuilder.Model.GetEntityTypes())
        {
            RequireTenant(entity);
            RequireSnakeCase(entity);
        }
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RequireTenantOfChangedRows();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RequireTenantOfChangedRows();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private void RequireTenantOfChangedRows()
    {
        foreach (EntityEntry<ITenantOwned> entry in ChangeTracker.Entries<ITenantOwned>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified && string.IsNullOrEmpty(entry.Entity.TenantId))
            {
                throw new InvalidOperationException($"{entry.Metadata.ClrType.Name} has no tenant");
            }
        }
    }

    private static void RequireTenant(IMutableEntityType entity)
    {
        if (!entity.ClrType.IsAssignableTo(typeof(ITenantOwned)))
        {
            throw new InvalidOperationException($"{entity.ClrType.Name} must be {nameof(ITenantOwned)}");
        }
    }

    private static void RequireSnakeCase(IMutableEntityType entity)
    {
        foreach (string? name in entity.GetProperties().Select(property => property.GetColumnName()).Append(entity.GetTableName()))
        {
            if (name is null || name.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '_'))
            {
                throw new InvalidOperationException($"'{name}' of {entity.ClrType.Name} is not in snake_case");
            }
        }
    }
}

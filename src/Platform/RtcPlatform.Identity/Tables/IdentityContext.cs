using Microsoft.EntityFrameworkCore;
using RtcPlatform.Persistence.Conventions;

namespace RtcPlatform.Identity.Tables;

internal sealed class IdentityContext(DbContextOptions<IdentityContext> options) : ModuleContext(options)
{
    public const string SchemaName = "identity";

    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    protected override string Schema => SchemaName;

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<TenantRow>(table =>
        {
            table.ToTable("tenants").HasKey(row => row.Id);
            table.Property(row => row.Id).HasColumnName("id");
            table.Property(row => row.Name).HasColumnName("name");
            table.Property(row => row.CreatedAt).HasColumnName("created_at");
        });
        model.Entity<ProjectRow>(table =>
        {
            table.ToTable("projects").HasKey(row => row.Id);
            table.Property(row => row.Id).HasColumnName("id");
            table.Property(row => row.TenantId).HasColumnName("tenant_id");
            table.Property(row => row.Name).HasColumnName("name");
            table.Property(row => row.CreatedAt).HasColumnName("created_at");
        });
        model.Entity<ApiKeyRow>(table =>
        {
            table.ToTable("api_keys").HasKey(row => row.Id);
            table.Property(row => row.Id).HasColumnName("id");
            table.Property(row => row.TenantId).HasColumnName("tenant_id");
            table.Property(row => row.ProjectId).HasColumnName("project_id");
            table.Property(row => row.Name).HasColumnName("name");
            table.Property(row => row.SecretClosed).HasColumnName("secret_closed");
            table.Property(row => row.CreatedAt).HasColumnName("created_at");
            table.Property(row => row.RevokedAt).HasColumnName("revoked_at");
        });
    }
}

using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RtcPlatform.Identity.Keys;
using RtcPlatform.Identity.Tables;

namespace RtcPlatform.Identity.Tenants;

/// <summary>Makes tenants, projects and API keys, and revokes keys.</summary>
public sealed class ProjectDirectory
{
    public const string DevelopmentTenantId = "TN_development";
    public const string DevelopmentProjectId = "PJ_development";

    private readonly IDbContextFactory<IdentityContext> _contexts;
    private readonly SecretCipher _cipher;
    private readonly TimeProvider _time;

    internal ProjectDirectory(IDbContextFactory<IdentityContext> contexts, SecretCipher cipher, TimeProvider time)
    {
        _contexts = contexts;
        _cipher = cipher;
        _time = time;
    }

    /// <returns>The new tenant's id.</returns>
    public async Task<string> CreateTenant(string name, CancellationToken cancellation)
    {
        TenantRow tenant = new() { Id = NewId("TN_"), Name = name, CreatedAt = _time.GetUtcNow() };
        await Insert(tenant, cancellation);
        return tenant.Id;
    }

    /// <returns>The new project's id.</returns>
    public async Task<string> CreateProject(string tenantId, string name, CancellationToken cancellation)
    {
        ProjectRow project = new() { Id = NewId("PJ_"), TenantId = tenantId, Name = name, CreatedAt = _time.GetUtcNow() };
        await Insert(project, cancellation);
        return project.Id;
    }

    /// <returns>The key and its secret; this is the only time the secret is shown.</returns>
    public async Task<(string KeyId, string Secret)> CreateKey(
        string tenantId, string projectId, string name, CancellationToken cancellation)
    {
        string id = ApiKeyId.New();
        string secret = ApiKeyId.NewSecret();
        ApiKeyRow key = new()
        {
            Id = id,
            TenantId = tenantId,
            ProjectId = projectId,
            Name = name,
            SecretClosed = _cipher.Close(secret, id, projectId),
            CreatedAt = _time.GetUtcNow(),
        };
        await Insert(key, cancellation);
        return (id, secret);
    }

    /// <returns>False when the tenant has no such living key.</returns>
    public async Task<bool> RevokeKey(string tenantId, string keyId, CancellationToken cancellation)
    {
        await using IdentityContext context = await _contexts.CreateDbContextAsync(cancellation);
        DateTimeOffset now = _time.GetUtcNow();
        int changed = await context.ApiKeys
            .Where(key => key.TenantId == tenantId && key.Id == keyId && key.RevokedAt == null)
            .ExecuteUpdateAsync(update => update.SetProperty(key => key.RevokedAt, now), cancellation);
        return changed == 1;
    }

    /// <summary>The development tenant with the given key; the same again changes nothing, another secret replaces the
    /// former.</summary>
    /// <exception cref="InvalidOperationException">The key id belongs to another project.</exception>
    public async Task SeedDevelopment(DevelopmentKeyOptions key, CancellationToken cancellation)
    {
        await using IdentityContext context = await _contexts.CreateDbContextAsync(cancellation);
        DateTimeOffset now = _time.GetUtcNow();
        byte[] closed = _cipher.Close(key.ApiSecret, key.ApiKey, DevelopmentProjectId);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.tenants (id, name, created_at) VALUES ({DevelopmentTenantId}, 'Development', {now})
            ON CONFLICT (id) DO NOTHING
            """,
            cancellation);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.projects (id, tenant_id, name, created_at)
            VALUES ({DevelopmentProjectId}, {DevelopmentTenantId}, 'Development', {now}) ON CONFLICT (id) DO NOTHING
            """,
            cancellation);
        int changed = await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.api_keys AS held (id, tenant_id, project_id, name, secret_closed, created_at)
            VALUES ({key.ApiKey}, {DevelopmentTenantId}, {DevelopmentProjectId}, 'development', {closed}, {now})
            ON CONFLICT (id) DO UPDATE SET secret_closed = excluded.secret_closed, revoked_at = NULL
            WHERE held.project_id = excluded.project_id
            """,
            cancellation);
        if (changed != 1)
        {
            throw new InvalidOperationException($"the development key {key.ApiKey} belongs to another project");
        }
    }

    private static string NewId(string prefix) =>
        prefix + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 14);

    private async Task Insert<TRow>(TRow row, CancellationToken cancellation)
        where TRow : class
    {
        await using IdentityContext context = await _contexts.CreateDbContextAsync(cancellation);
        context.Add(row);
        await context.SaveChangesAsync(cancellation);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Identity.Tables;
using RtcPlatform.Identity.Tenants;
using RtcPlatform.Identity.Tokens;
using RtcPlatform.Persistence.Migrations;
using RtcPlatform.TestKit.Postgres;

namespace RtcPlatform.Identity.Tests.Database;

public sealed class ProjectDirectoryTests(DatabaseFixture database) : IAsyncLifetime
{
    private static readonly DevelopmentKeyOptions DevelopmentKey = new() { ApiKey = "APIdev", ApiSecret = new string('d', 32) };

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch.AddYears(57));
    private ServiceProvider _server = null!;

    private ProjectDirectory Projects => _server.GetRequiredService<ProjectDirectory>();

    private TokenAuthority Tokens => _server.GetRequiredService<TokenAuthority>();

    public async ValueTask InitializeAsync() => _server = await Start(database.Postgres);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_belongs_to_the_project_of_its_key()
    {
        (string tenant, string project, string key, string secret) = await CreateProject("one");
        (string _, string otherProject, string otherKey, string otherSecret) = await CreateProject("two");

        Bearer bearer = (await Tokens.Verify(Token(key, secret))).Bearer!;

        Assert.Equal((tenant, project), (bearer.TenantId, bearer.ProjectId));
        Assert.Equal(otherProject, (await Tokens.Verify(Token(otherKey, otherSecret))).Bearer!.ProjectId);
        Assert.Equal(TokenFailure.BadSignature, (await Tokens.Verify(Token(key, otherSecret))).Failure);
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_own_tenant_only_and_within_seconds()
    {
        (string tenant, string _, string key, string secret) = await CreateProject("one");
        (string otherTenant, string _, string _, string _) = await CreateProject("two");
        Assert.True((await Tokens.Verify(Token(key, secret))).IsOk);

        Assert.False(await Projects.RevokeKey(otherTenant, key, default));
        Assert.True(await Projects.RevokeKey(tenant, key, default));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TokenFailure.UnknownKey, (await Tokens.Verify(Token(key, secret))).Failure);
    }

    [Fact]
    public async Task A_key_cannot_be_made_for_another_tenants_project()
    {
        (string _, string project, string _, string _) = await CreateProject("one");
        (string otherTenant, string _, string _, string _) = await CreateProject("two");

        await Assert.ThrowsAsync<DbUpdateException>(() => Projects.CreateKey(otherTenant, project, "key", default));
    }

    [Fact]
    public async Task A_row_without_a_tenant_is_not_written()
    {
        await using IdentityContext context = await _server.GetRequiredService<IDbContextFactory<IdentityContext>>()
            .CreateDbContextAsync();
        context.Add(new ProjectRow { Id = "PJ_x", TenantId = "", Name = "x", CreatedAt = _time.GetUtcNow() });

        await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync());
    }

    [Fact]
    public async Task Seeding_again_is_the_same_and_another_secret_replaces_the_former()
    {
        await Projects.SeedDevelopment(DevelopmentKey, default);
        await Projects.SeedDevelopment(DevelopmentKey, default);
        Bearer bearer = (await Tokens.Verify(Token(DevelopmentKey.ApiKey, DevelopmentKey.ApiSecret))).Bearer!;
        Assert.Equal(ProjectDirectory.DevelopmentProjectId, bearer.ProjectId);

        string changed = new('e', 32);
        await Projects.SeedDevelopment(new DevelopmentKeyOptions { ApiKey = DevelopmentKey.ApiKey, ApiSecret = changed }, default);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True((await Tokens.Verify(Token(DevelopmentKey.ApiKey, changed))).IsOk);
    }

    [Fact]
    public async Task A_customers_key_is_never_taken_for_development()
    {
        (string _, string _, string key, string _) = await CreateProject("one");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Projects.SeedDevelopment(
            new DevelopmentKeyOptions { ApiKey = key, ApiSecret = new string('e', 32) }, default));
    }

    [Fact]
    public async Task Secrets_do_not_stand_in_the_database()
    {
        (string _, string _, string key, string secret) = await CreateProject("one");
        await using IdentityContext context = await _server.GetRequiredService<IDbContextFactory<IdentityContext>>()
            .CreateDbContextAsync();

        byte[] stored = (await context.ApiKeys.SingleAsync(row => row.Id == key)).SecretClosed;

        Assert.DoesNotContain(secret, System.Text.Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_keys_count_while_PostgreSQL_is_stopped()
    {
        await using PostgresServer own = await PostgresServer.Start();
        await using ServiceProvider server = await Start(own);
        await server.GetRequiredService<ProjectDirectory>().SeedDevelopment(DevelopmentKey, default);
        TokenAuthority tokens = server.GetRequiredService<TokenAuthority>();
        string token = Token(DevelopmentKey.ApiKey, DevelopmentKey.ApiSecret);
        Assert.True((await tokens.Verify(token)).IsOk);

        await own.Stop();
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.True((await tokens.Verify(token)).IsOk);
        Assert.Equal(TokenFailure.KeysUnavailable, (await tokens.Verify(Token("APIother", DevelopmentKey.ApiSecret))).Failure);
    }

    private async Task<ServiceProvider> Start(PostgresServer postgres)
    {
        ServiceProvider server = DatabaseFixture.Compose(await postgres.CreateDatabase(), _time);
        await server.GetRequiredService<DatabaseMigrator>().Migrate(default);
        return server;
    }

    private async Task<(string Tenant, string Project, string Key, string Secret)> CreateProject(string name)
    {
        string tenant = await Projects.CreateTenant(name, default);
        string project = await Projects.CreateProject(tenant, name, default);
        (string key, string secret) = await Projects.CreateKey(tenant, project, "key", default);
        return (tenant, project, key, secret);
    }

    private string Token(string key, string secret) =>
        TokenBuilder.SignJoin(key, secret, "room", "alice", _time.GetUtcNow(), TimeSpan.FromHours(1));
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using RtcPlatform.Identity.Tables;

namespace RtcPlatform.Identity.Migrations;

/// <summary>Tenants, their projects and the projects' API keys. A key's tenant is held to be its project's by the foreign
/// key.</summary>
[DbContext(typeof(IdentityContext))]
[Migration("20261120000000_TenantsProjectsKeys")]
internal sealed class TenantsProjectsKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE identity.tenants (
            id text PRIMARY KEY,
            name text NOT NULL,
            created_at timestamptz NOT NULL
        );
        CREATE TABLE identity.projects (
            id text PRIMARY KEY,
            tenant_id text NOT NULL REFERENCES identity.tenants (id),
            name text NOT NULL,
            created_at timestamptz NOT NULL,
            UNIQUE (tenant_id, id)
        );
        CREATE TABLE identity.api_keys (
            id text PRIMARY KEY,
            tenant_id text NOT NULL,
            project_id text NOT NULL,
            name text NOT NULL,
            secret_closed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            revoked_at timestamptz NULL,
            FOREIGN KEY (tenant_id, project_id) REFERENCES identity.projects (tenant_id, id)
        );
        CREATE INDEX api_keys_of_project ON identity.api_keys (tenant_id, project_id);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP TABLE identity.api_keys;
        DROP TABLE identity.projects;
        DROP TABLE identity.tenants;
        """);
}

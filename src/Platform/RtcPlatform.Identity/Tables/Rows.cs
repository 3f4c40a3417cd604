using RtcPlatform.Persistence.Conventions;

namespace RtcPlatform.Identity.Tables;

/// <summary>A customer.</summary>
internal sealed class TenantRow : ITenantOwned
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    string ITenantOwned.TenantId => Id;
}

/// <summary>What a customer's rooms, keys and usage are grouped by; rooms of two projects never meet.</summary>
internal sealed class ProjectRow : ITenantOwned
{
    public required string Id { get; init; }

    public required string TenantId { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ApiKeyRow : ITenantOwned
{
    public required string Id { get; init; }

    public required string TenantId { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary>See <c>SecretCipher</c>.</summary>
    public required byte[] SecretClosed { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}

namespace RtcPlatform.Identity.Keys;

/// <summary>A living API key. Not a record, so that no log can print its secret.</summary>
public sealed class ApiKeyCredential(string id, string tenantId, string projectId, byte[] secret)
{
    public string Id { get; } = id;

    public string TenantId { get; } = tenantId;

    public string ProjectId { get; } = projectId;

    /// <summary>The HMAC key.</summary>
    internal ReadOnlySpan<byte> Secret => secret;

    public override string ToString() => Id;
}

namespace RtcPlatform.Persistence.Conventions;

/// <summary>A row that belongs to one tenant; a row without one is not written.</summary>
public interface ITenantOwned
{
    string TenantId { get; }
}

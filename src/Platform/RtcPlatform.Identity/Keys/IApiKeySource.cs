namespace RtcPlatform.Identity.Keys;

/// <summary>Where living API keys are looked up: the database, or a fixed set in tests.</summary>
public interface IApiKeySource
{
    /// <returns>Null when there is no such key or it was revoked.</returns>
    /// <exception cref="ApiKeySourceException">The source cannot say.</exception>
    Task<ApiKeyCredential?> Find(string keyId, CancellationToken cancellation);
}

/// <summary>The source of API keys does not answer, or holds what it cannot read.</summary>
public sealed class ApiKeySourceException(string message, Exception cause) : Exception(message, cause);

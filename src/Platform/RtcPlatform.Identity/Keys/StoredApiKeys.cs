using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RtcPlatform.Identity.Tables;
using RtcPlatform.Persistence;

namespace RtcPlatform.Identity.Keys;

/// <summary>API keys in the database.</summary>
internal sealed class StoredApiKeys(IDbContextFactory<IdentityContext> contexts, SecretCipher cipher) : IApiKeySource
{
    public async Task<ApiKeyCredential?> Find(string keyId, CancellationToken cancellation)
    {
        try
        {
            await using IdentityContext context = await contexts.CreateDbContextAsync(cancellation);
            ApiKeyRow? row = await context.ApiKeys.AsNoTracking()
                .FirstOrDefaultAsync(key => key.Id == keyId && key.RevokedAt == null, cancellation);
            return row is null
                ? null
                : new ApiKeyCredential(row.Id, row.TenantId, row.ProjectId, cipher.Open(row.SecretClosed, row.Id, row.ProjectId));
        }
        catch (CryptographicException problem)
        {
            throw new ApiKeySourceException("the secret does not open with this server's data key", problem);
        }
        catch (Exception problem) when (DatabaseFault.IsConnectionFault(problem))
        {
            throw new ApiKeySourceException(DatabaseFault.Describe(problem), problem);
        }
    }
}

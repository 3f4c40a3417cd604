using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RtcPlatform.Identity.Keys;
using RtcPlatform.Identity.Tables;
using RtcPlatform.Identity.Tenants;
using RtcPlatform.Identity.Tokens;
using RtcPlatform.Persistence;

namespace RtcPlatform.Identity;

public static class IdentityModule
{
    /// <summary>Tenants, projects, API keys and the verification of tokens. Needs <c>AddPersistence</c>.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IdentityOptions options)
    {
        services.AddModuleContext<IdentityContext>(IdentityContext.SchemaName);
        services.AddSingleton(_ => new SecretCipher(DataKeySource.Read(options)));
        services.AddSingleton<IApiKeySource>(provider => new StoredApiKeys(
            provider.GetRequiredService<IDbContextFactory<IdentityContext>>(), provider.GetRequiredService<SecretCipher>()));
        services.AddSingleton(provider => new ProjectDirectory(
            provider.GetRequiredService<IDbContextFactory<IdentityContext>>(),
            provider.GetRequiredService<SecretCipher>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddTokenAuthority(options);
    }

    /// <summary>Verification alone, over any <see cref="IApiKeySource"/> that is registered.</summary>
    public static IServiceCollection AddTokenAuthority(this IServiceCollection services, IdentityOptions options)
    {
        services.AddSingleton(provider => new TokenAuthority(
            new ApiKeyCache(
                provider.GetRequiredService<IApiKeySource>(),
                provider.GetRequiredService<TimeProvider>(),
                TimeSpan.FromSeconds(options.KeyFreshnessSeconds),
                provider.GetRequiredService<ILogger<TokenAuthority>>()),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}

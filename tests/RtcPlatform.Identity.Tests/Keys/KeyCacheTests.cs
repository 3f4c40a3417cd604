using Microsoft.Extensions.DependencyInjection;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Identity.Keys;
using RtcPlatform.Identity.Tokens;

namespace RtcPlatform.Identity.Tests.Keys;

public sealed class KeyCacheTests
{
    private const string Secret = "a secret of more than thirty-two octets";
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch.AddYears(57));
    private readonly ScriptedKeys _keys = new();
    private readonly TokenAuthority _tokens;

    public KeyCacheTests()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IApiKeySource>(_keys);
        services.AddTokenAuthority(new IdentityOptions { KeyFreshnessSeconds = 5 });
        _tokens = services.BuildServiceProvider().GetRequiredService<TokenAuthority>();
    }

    [Fact]
    public async Task A_known_key_is_looked_up_once_while_it_is_fresh()
    {
        _keys.Living.Add("APIone");

        for (int i = 0; i < 100; i++)
        {
            Assert.True((await _tokens.Verify(Token("APIone"))).IsOk);
        }

        Assert.Equal(1, _keys.Lookups);
    }

    [Fact]
    public async Task A_revoked_key_stops_counting_when_it_is_no_longer_fresh()
    {
        _keys.Living.Add("APIone");
        Assert.True((await _tokens.Verify(Token("APIone"))).IsOk);

        _keys.Living.Remove("APIone");
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TokenFailure.UnknownKey, (await _tokens.Verify(Token("APIone"))).Failure);
    }

    [Fact]
    public async Task A_known_key_goes_on_counting_while_the_source_is_down_and_an_unknown_one_does_not()
    {
        _keys.Living.UnionWith(["APIone", "APItwo"]);
        Assert.True((await _tokens.Verify(Token("APIone"))).IsOk);

        _keys.Down = true;
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.True((await _tokens.Verify(Token("APIone"))).IsOk);
        Assert.Equal(TokenFailure.KeysUnavailable, (await _tokens.Verify(Token("APItwo"))).Failure);

        _keys.Down = false;
        Assert.True((await _tokens.Verify(Token("APItwo"))).IsOk);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("API'; DROP TABLE identity.api_keys")]
    public async Task An_issuer_that_is_no_key_id_is_never_looked_up(string issuer)
    {
        Assert.Equal(TokenFailure.UnknownKey, (await _tokens.Verify(Token(issuer))).Failure);
        Assert.Equal(0, _keys.Lookups);
    }

    private string Token(string key) => TokenBuilder.SignJoin(key, Secret, "room", "alice", _time.GetUtcNow(), TimeSpan.FromHours(1));

    private sealed class ScriptedKeys : IApiKeySource
    {
        public HashSet<string> Living { get; } = [];

        public bool Down { get; set; }

        public int Lookups { get; private set; }

        public Task<ApiKeyCredential?> Find(string keyId, CancellationToken cancellation)
        {
            Lookups++;
            return Down
                ? throw new ApiKeySourceException("down", new TimeoutException())
                : Task.FromResult(Living.Contains(keyId)
                    ? new ApiKeyCredential(keyId, "TN_1", "PJ_1", System.Text.Encoding.UTF8.GetBytes(Secret))
                    : null);
        }
    }
}

using System.Text;
using System.Text.Json;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.TestKit;

namespace RtcPlatform.Identity.Tests.Tokens;

/// <summary>Tokens written by another implementation (<c>tests/vectors/jose</c>).</summary>
public sealed class JoseVectorTests
{
    private static readonly JsonElement File = Vectors.Load("jose/tokens.json");
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(File.Text("secret"));
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(File.GetProperty("now").GetInt64());

    [Fact]
    public void A_valid_token_gives_all_its_claims()
    {
        TokenClaims claims = Read("valid").Claims!;

        Assert.Equal("APIvector", claims.Issuer);
        Assert.Equal("alice", claims.Subject);
        Assert.Equal("Alice Ångström ✓", claims.Name);
        Assert.Equal("""{"role":"host"}""", claims.Metadata);
        Assert.Equal(Now.AddHours(1), claims.ExpiresAt);
        Assert.Equal(Now.AddSeconds(-10), claims.NotBefore);
        Assert.True(claims.Video.RoomJoin);
        Assert.Equal("daily", claims.Video.Room);
        Assert.False(claims.Video.CanPublishData);
        Assert.Equal(["camera", "microphone"], claims.Video.CanPublishSources);
    }

    [Fact]
    public void What_a_grant_does_not_say_is_allowed_except_listing_and_administration()
    {
        VideoGrant video = Read("minimal").Claims!.Video;

        Assert.Equal(
            (true, true, true, false, false),
            (video.CanPublish, video.CanSubscribe, video.CanPublishData, video.RoomList, video.RoomAdmin));
    }

    [Theory]
    [InlineData("expired", TokenFailure.Expired)]
    [InlineData("expires_now", TokenFailure.Expired)]
    [InlineData("not_yet_valid", TokenFailure.NotYetValid)]
    [InlineData("no_expiry", TokenFailure.NoExpiry)]
    [InlineData("foreign_secret", TokenFailure.BadSignature)]
    [InlineData("tampered", TokenFailure.BadSignature)]
    [InlineData("alg_none", TokenFailure.AlgorithmRefused)]
    [InlineData("alg_hs512", TokenFailure.AlgorithmRefused)]
    [InlineData("alg_rs256", TokenFailure.AlgorithmRefused)]
    public void A_token_that_must_not_count_says_why(string name, TokenFailure expected) =>
        Assert.Equal(expected, Read(name).Failure);

    [Fact]
    public void A_signers_clock_may_be_a_minute_ahead() => Assert.True(Read("within_leeway").IsOk);

    [Fact]
    public void An_expired_token_still_proves_who_resumes() =>
        Assert.Equal("alice", Read("expired", ignoreExpiry: true).Claims!.Subject);

    [Theory]
    [InlineData("valid", null, null)]
    [InlineData("valid", "daily", null)]
    [InlineData("valid", "weekly", TokenFailure.RoomMismatch)]
    [InlineData("valid", "Daily", TokenFailure.RoomMismatch)]
    [InlineData("no_join", null, TokenFailure.JoinNotGranted)]
    [InlineData("list_only", null, TokenFailure.JoinNotGranted)]
    public void Joining_needs_the_grant_and_the_room(string name, string? askedRoom, TokenFailure? expected) =>
        Assert.Equal(expected, JoinRule.Check(Read(name).Claims!, askedRoom));

    private static TokenVerification Read(string name, bool ignoreExpiry = false) =>
        UnverifiedToken.TryParse(File.GetProperty("tokens").Text(name), out UnverifiedToken? token, out TokenFailure failure)
            ? token.Verify(Secret, Now, ignoreExpiry)
            : failure;
}

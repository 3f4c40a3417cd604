using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Identity.Tests.Tokens;

/// <summary>Tokens as nobody should write them.</summary>
public sealed class TokenTextTests
{
    private const string Header = """{"alg":"HS256"}""";
    private static readonly byte[] Secret = "a secret of more than thirty-two octets"u8.ToArray();
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(57);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.e30.===")]
    [InlineData("e30=.e30.AA")]
    [InlineData("not base64.e30.AA")]
    public void Text_that_is_no_token_is_malformed(string? text)
    {
        Assert.False(UnverifiedToken.TryParse(text, out _, out TokenFailure failure));
        Assert.Equal(TokenFailure.Malformed, failure);
    }

    [Theory]
    [InlineData(Header, "[]")]
    [InlineData(Header, "null")]
    [InlineData(Header, "{")]
    [InlineData(Header, """{"iss":1}""")]
    [InlineData(Header, """{"exp":"tomorrow"}""")]
    [InlineData(Header, """{"exp":-1}""")]
    [InlineData(Header, """{"exp":1e300}""")]
    [InlineData(Header, """{"sub":"a","sub":"b"}""")]
    [InlineData(Header, """{"sub":"\ud800"}""")]
    [InlineData(Header, """{"video":[]}""")]
    [InlineData(Header, """{"video":{"roomJoin":"yes"}}""")]
    [InlineData(Header, """{"video":{"canPublishSources":"camera"}}""")]
    [InlineData(Header, """{"video":{"canPublishSources":[1]}}""")]
    [InlineData("[]", "{}")]
    [InlineData("{", "{}")]
    public void Claims_of_the_wrong_shape_are_malformed(string header, string payload)
    {
        Assert.False(UnverifiedToken.TryParse(Sign(header, payload), out _, out TokenFailure failure));
        Assert.Equal(TokenFailure.Malformed, failure);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    public void Any_other_algorithm_and_critical_headers_are_refused(string header)
    {
        Assert.False(UnverifiedToken.TryParse(Sign(header, "{}"), out _, out TokenFailure failure));
        Assert.Equal(TokenFailure.AlgorithmRefused, failure);
    }

    [Fact]
    public void A_token_over_8_KiB_is_refused_unread()
    {
        string longest = new('a', UnverifiedToken.MaximumLength);

        Assert.False(UnverifiedToken.TryParse(longest, out _, out TokenFailure atLimit));
        Assert.False(UnverifiedToken.TryParse(longest + "a", out _, out TokenFailure overLimit));
        Assert.Equal((TokenFailure.Malformed, TokenFailure.TooLarge), (atLimit, overLimit));
    }

    [Fact]
    public void Every_single_changed_character_breaks_a_token()
    {
        string token = TokenBuilder.SignJoin("APIkey", "a secret of more than thirty-two octets", "room", "alice", Now, TimeSpan.FromHours(1));
        Assert.True(Verify(token).IsOk);

        for (int i = 0; i < token.Length - 1; i++)
        {
            char[] changed = token.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';

            Assert.False(Verify(new string(changed)).IsOk, $"character {i}");
        }
    }

    [Fact]
    public void A_built_token_reads_back_the_same()
    {
        TokenClaims claims = new("APIkey", "bob", Now.AddMinutes(5), Now, "Bob", "m", new VideoGrant
        {
            RoomJoin = true,
            Room = "r",
            CanPublish = false,
            CanPublishData = true,
            CanSubscribe = false,
            RoomAdmin = true,
        });

        TokenClaims read = Verify(TokenBuilder.Sign(claims, Encoding.UTF8.GetString(Secret))).Claims!;

        Assert.Equal(claims with { Video = read.Video }, read);
        Assert.Equal(claims.Video with { CanPublishSources = read.Video.CanPublishSources }, read.Video);
    }

    private static TokenVerification Verify(string text) =>
        UnverifiedToken.TryParse(text, out UnverifiedToken? token, out TokenFailure failure) ? token.Verify(Secret, Now) : failure;

    private static string Sign(string header, string payload)
    {
        string signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

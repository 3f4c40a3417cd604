using System.Text;
using RtcPlatform.Cli.Up;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Cli.Tests.Tokens;

public sealed class TokenCommandTests
{
    [Fact]
    public async Task Printed_token_verifies_with_the_development_secret()
    {
        using var data = new TemporaryFolder();
        DevFile dev = DevFile.CreateOrRead(data.Path, "http://127.0.0.1:7880");

        (int exitCode, string output, string errors) = await RtcProcess.Run(
            "token", "--room", "meeting", "--identity", "alice", "--name", "Alice", "--publish=false", "--ttl", "90s", "--data", data.Path);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.True(UnverifiedToken.TryParse(output, out UnverifiedToken? token, out _));
        Assert.Equal(dev.ApiKey, token.Issuer);
        byte[] secret = Encoding.UTF8.GetBytes(dev.ApiSecret);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        TokenVerification verified = token.Verify(secret, now);
        Assert.True(verified.IsOk);
        Assert.Equal("alice", verified.Claims.Subject);
        Assert.Equal("Alice", verified.Claims.Name);
        Assert.True(verified.Claims.Video.RoomJoin);
        Assert.Equal("meeting", verified.Claims.Video.Room);
        Assert.False(verified.Claims.Video.CanPublish);
        Assert.True(verified.Claims.Video.CanSubscribe);
        Assert.Equal(TokenFailure.Expired, token.Verify(secret, now.AddSeconds(91)).Failure);
        Assert.Equal(TokenFailure.BadSignature, token.Verify("another"u8, now).Failure);
    }

    [Fact]
    public async Task Without_a_platform_one_line_says_how_to_start_it()
    {
        using var data = new TemporaryFolder();

        (int exitCode, string output, string errors) = await RtcProcess.Run(
            "token", "--room", "r", "--identity", "i", "--data", data.Path);

        Assert.Equal((UpException.StartFailed, ""), (exitCode, output));
        Assert.Single(errors.Split('\n'));
        Assert.Contains("./run", errors, StringComparison.Ordinal);
    }
}

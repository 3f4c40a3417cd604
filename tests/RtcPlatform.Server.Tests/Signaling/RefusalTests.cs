using System.Buffers.Text;
using System.Text;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.TestKit.Signal;

namespace RtcPlatform.Server.Tests.Signaling;

/// <summary>Everything that is refused is refused with a code, and leaves no room behind.</summary>
public sealed class RefusalTests(RunningServer server)
{
    private readonly string _room = $"refused-{Guid.NewGuid():N}";

    [Fact]
    public Task An_expired_token() => JoinIsRefused("token_expired", Token(lifetime: TimeSpan.FromSeconds(-1)));

    [Fact]
    public Task A_token_of_nobodys_key() => JoinIsRefused("invalid_token", RunningServer.JoinToken(_room, "eve", key: "APInobody"));

    [Fact]
    public Task A_token_signed_with_another_secret() =>
        JoinIsRefused("invalid_token", RunningServer.JoinToken(_room, "eve", secret: "a-foreign-secret-of-more-than-32-characters"));

    [Fact]
    public Task A_token_with_changed_claims()
    {
        string[] parts = RunningServer.JoinToken(_room, "eve").Split('.');
        string claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("eve", "bob", StringComparison.Ordinal);
        return JoinIsRefused("invalid_token", $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{parts[2]}");
    }

    [Fact]
    public Task An_unsigned_token()
    {
        string[] parts = RunningServer.JoinToken(_room, "eve").Split('.');
        return JoinIsRefused("invalid_token", $"{Base64Url.EncodeToString("""{"alg":"none"}"""u8)}.{parts[1]}.");
    }

    [Fact]
    public Task A_token_for_another_room() =>
        JoinIsRefused("room_mismatch", RunningServer.JoinToken(_room, "eve"), askedRoom: "another");

    [Fact]
    public Task A_token_without_the_grant() => JoinIsRefused("permission_denied", TokenBuilder.Sign(
        new TokenClaims(RunningServer.ApiKey, "eve", DateTimeOffset.UtcNow.AddMinutes(1), null, "", "", new VideoGrant { Room = _room }),
        RunningServer.Secret));

    [Fact]
    public Task A_token_of_a_megabyte_is_too_large_for_a_token() =>
        JoinIsRefused("invalid_token", new string('a', 100_000));

    [Fact]
    public async Task Calls_before_the_join()
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        Assert.Equal("not_joined", (await client.Refused("GetSnapshot")).Code);
        Assert.Equal("not_joined", (await client.Refused("SetMuted", new { trackSid = "TR_x", muted = true })).Code);
        Assert.Equal("not_joined", (await client.Refused("Candidate", new { candidate = "" })).Code);
        Assert.Equal("not_joined", (await client.Refused("Leave")).Code);
    }

    [Fact]
    public async Task A_method_that_does_not_exist()
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        Assert.Equal("invalid_request", (await client.Refused("Reboot")).Code);
        Assert.Equal("invalid_request", (await client.Refused("OnConnectedAsync")).Code);
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_and_the_connection_goes_on()
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        (string code, string message) = await client.Refused("Join", new { room = 7 });

        Assert.Equal("invalid_request", code);
        Assert.DoesNotContain("RtcPlatform.", message, StringComparison.Ordinal);
        Assert.Equal("not_joined", (await client.Refused("GetSnapshot")).Code);
    }

    [Fact]
    public async Task A_message_of_a_megabyte_closes_the_connection_and_says_why()
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        await client.SendText($$"""{"type":1,"invocationId":"1","target":"Join","arguments":["{{new string('x', 1 << 20)}}"]}""" + '\u001e');

        (string code, string message) = (await client.Closed())!.Value;
        Assert.Equal("too_large", code);
        Assert.Contains("262144", message, StringComparison.Ordinal);
        Assert.DoesNotContain(_room, await server.RoomNames());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"type\":1,\"target\":")]
    [InlineData("[[[[[[")]
    public async Task Garbage_closes_the_connection_and_says_why(string garbage)
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        await client.SendText(garbage + '\u001e');

        Assert.Equal("invalid_request", (await client.Closed())!.Value.Code);
    }

    [Fact]
    public async Task A_flood_of_calls_is_limited_without_losing_the_connection()
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);
        List<string> codes = [];
        for (int i = 0; i < 2000 && !codes.Contains("limit_exceeded"); i++)
        {
            codes.Add((await client.Refused("GetSnapshot")).Code);
        }

        Assert.Equal("limit_exceeded", codes[^1]);
        Assert.All(codes.SkipLast(1), code => Assert.Equal("not_joined", code));
        Assert.True(codes.Count > 200, $"{codes.Count} calls");
    }

    [Fact]
    public async Task A_connection_that_never_joins_is_told_and_closed()
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        Assert.Equal("connection_timeout", (await client.Event("Disconnected")).GetProperty("reason").GetString());
        await client.Closed();
    }

    private string Token(TimeSpan lifetime) => TokenBuilder.SignJoin(
        RunningServer.ApiKey, RunningServer.Secret, _room, "eve", DateTimeOffset.UtcNow, lifetime);

    private async Task JoinIsRefused(string code, string token, string? askedRoom = null)
    {
        await using SignalTestClient client = await SignalTestClient.Connect(server.Address);

        (string refused, string message) = await client.Refused("Join", RunningServer.JoinRequest(token, askedRoom));

        Assert.Equal(code, refused);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain(_room, await server.RoomNames());
    }
}

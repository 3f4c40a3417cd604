using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Server.Tests.Http;

public sealed class HttpTests(RunningServer server)
{
    [Fact]
    public async Task Alive_is_the_process_and_ready_names_each_check()
    {
        using HttpResponseMessage alive = await server.Http.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        using HttpResponseMessage ready = await server.Http.GetAsync("/readyz");
        JsonElement report = await ready.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.True(report.GetProperty("checks").GetProperty("database").GetProperty("ok").GetBoolean());
        Assert.True(report.GetProperty("checks").GetProperty("media").GetProperty("ok").GetBoolean());
    }

    [Theory]
    [InlineData("/sdk/rtc-client.js", "text/javascript")]
    [InlineData("/sdk/rtc-client.mjs", "text/javascript")]
    [InlineData("/sdk/rtc-client.js.map", "application/json")]
    public async Task The_bundle_can_be_embedded_anywhere_and_is_revalidated(string path, string contentType)
    {
        using HttpResponseMessage response = await server.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        using HttpRequestMessage again = new(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using HttpResponseMessage unchanged = await server.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("/sdk/absent.js")]
    [InlineData("/sdk/../appsettings.json")]
    [InlineData("/api/v1/nothing")]
    public async Task What_is_not_there_is_a_problem(string path)
    {
        using HttpResponseMessage response = await server.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_demo_that_is_not_built_says_so()
    {
        using HttpResponseMessage response = await server.Http.GetAsync("/");

        Assert.Contains("npm run build", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Negotiation_is_open_to_every_origin_without_credentials()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/signal/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "https://customer.example");
        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer nonsense", HttpStatusCode.Unauthorized)]
    [InlineData("Basic YTpi", HttpStatusCode.Unauthorized)]
    [InlineData("join", HttpStatusCode.Forbidden)]
    public async Task Rooms_are_listed_to_whom_it_is_granted_only(string? authorization, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/rooms");
        string? header = authorization == "join" ? $"Bearer {RunningServer.JoinToken("room", "alice")}" : authorization;
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        JsonElement document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.True(document.GetProperty("paths").TryGetProperty("/api/v1/rooms", out _));
        Assert.True(document.GetProperty("paths").GetProperty("/whip/{room}").GetProperty("post").GetProperty("responses").TryGetProperty("201", out _));
        Assert.True(document.GetProperty("paths").TryGetProperty("/whep/{room}/{identity}", out _));
        foreach (string path in (string[])["/whip/{room}", "/whep/{room}/{identity}"])
        {
            JsonElement responses = document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("responses");
            Assert.All((string[])["406", "422", "503"], status => Assert.True(responses.TryGetProperty(status, out _), $"{path} {status}"));
        }

        Assert.False(document.GetProperty("paths").TryGetProperty("/node", out _));
    }

    [Fact]
    public async Task A_development_token_joins_its_room()
    {
        using HttpResponseMessage response = await server.Http.PostAsJsonAsync(
            "/api/dev/token", new { room = "demo", identity = "alice", name = "Alice" });
        string text = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;

        Assert.True(UnverifiedToken.TryParse(text, out UnverifiedToken? token, out _));
        TokenClaims claims = token.Verify(System.Text.Encoding.UTF8.GetBytes(RunningServer.Secret), DateTimeOffset.UtcNow).Claims!;
        Assert.Equal(("alice", "Alice", "demo"), (claims.Subject, claims.Name, claims.Video.Room));
    }

    [Theory]
    [InlineData("""{"room":"","identity":"a"}""")]
    [InlineData("""{"room":"r"}""")]
    [InlineData("""{"room":7}""")]
    [InlineData("""{""")]
    public async Task A_development_token_for_nobody_is_a_problem(string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.Http.PostAsync("/api/dev/token", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }
}

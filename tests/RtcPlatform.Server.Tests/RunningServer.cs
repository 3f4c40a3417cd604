using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Identity.Tenants;
using RtcPlatform.Server.Start;
using RtcPlatform.Server.Tests;
using RtcPlatform.TestKit.Postgres;

[assembly: AssemblyFixture(typeof(RunningServer))]

namespace RtcPlatform.Server.Tests;

/// <summary>The whole server in this process: Kestrel on a loopback port, grains, hub, a PostgreSQL of its own, a node that
/// forwards nothing.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    public const string ApiKey = "APIdevelopment";
    public const string Secret = "development-secret-of-more-than-32-characters";

    public const string NodeSecret = "node-secret-of-the-tests";

    private readonly string _webFolder = Directory.CreateTempSubdirectory("rtc-web-").FullName;
    private WebApplication _app = null!;
    private TestNode _node = null!;

    public PostgresServer Postgres { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public ProjectDirectory Projects => _app.Services.GetRequiredService<ProjectDirectory>();

    public async ValueTask InitializeAsync()
    {
        Postgres = await PostgresServer.Start();
        await File.WriteAllTextAsync(Path.Combine(_webFolder, "rtc-client.js"), "var RtcPlatform = {};");
        await File.WriteAllTextAsync(Path.Combine(_webFolder, "rtc-client.js.map"), "{}");
        await File.WriteAllTextAsync(Path.Combine(_webFolder, "rtc-client.mjs"), "export {};");
        _app = ServerComposition.Build(
        [
            "--urls", "http://127.0.0.1:0",
            "--database", await Postgres.CreateDatabase(),
            "--development", "true",
            "--sdk", _webFolder,
            "--Media:NodeSecret", NodeSecret,
            "--Identity:DataKey", Convert.ToBase64String(new byte[32]),
            "--Development:ApiKey", ApiKey,
            "--Development:ApiSecret", Secret,
            "--Signaling:JoinDeadlineSeconds", "2",
        ]);
        await ServerProcess.PrepareDatabase(_app.Services, default);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        Http = new HttpClient { BaseAddress = Address };
        _node = await TestNode.Connect(Address, NodeSecret);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _node.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_webFolder, recursive: true);
    }

    public static string JoinToken(string room, string identity, string key = ApiKey, string secret = Secret) =>
        TokenBuilder.SignJoin(key, secret, room, identity, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));

    public static object JoinRequest(string token, string? room = null) =>
        new { token, room, autoSubscribe = true, client = new { sdk = "test", version = "1" } };

    /// <summary>The rooms that the API lists for a project.</summary>
    public async Task<JsonElement[]> Rooms(string key = ApiKey, string secret = Secret)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        TokenClaims claims = new(key, "", now.AddMinutes(1), null, "", "", new VideoGrant { RoomList = true });
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/rooms");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenBuilder.Sign(claims, secret));
        using HttpResponseMessage response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        JsonElement list = await response.Content.ReadFromJsonAsync<JsonElement>();
        return [.. list.GetProperty("rooms").EnumerateArray()];
    }

    public async Task<string[]> RoomNames(string key = ApiKey, string secret = Secret) =>
        [.. (await Rooms(key, secret)).Select(room => room.GetProperty("name").GetString()!)];
}

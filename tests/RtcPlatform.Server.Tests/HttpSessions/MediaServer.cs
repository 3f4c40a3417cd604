using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.Server.Start;
using RtcPlatform.Server.Tests.HttpSessions;
using RtcPlatform.TestKit.Postgres;

[assembly: AssemblyFixture(typeof(MediaServer))]

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>The whole server with a whole media node beside it: answers are real, packets are not sent here.</summary>
public sealed class MediaServer : IAsyncLifetime
{
    public const string OtherRegion = "https://eu.example.net/media";

    private WebApplication _app = null!;
    private MediaNode.MediaNode _node = null!;
    private PostgresServer _postgres = null!;

    /// <summary>Packets per second that the media node takes on.</summary>
    public int ShardCapacity { get; init; } = 100_000;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>What a POST was answered before any media node was there.</summary>
    public HttpResponseMessage WithoutNode { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.Start();
        _app = ServerComposition.Build(
        [
            "--urls", "http://127.0.0.1:0",
            "--database", await _postgres.CreateDatabase(),
            "--development", "true",
            "--Media:NodeSecret", RunningServer.NodeSecret,
            "--Identity:DataKey", Convert.ToBase64String(new byte[32]),
            "--Development:ApiKey", RunningServer.ApiKey,
            "--Development:ApiSecret", RunningServer.Secret,
            "--Signaling:IceServerUrls:0", "stun:stun.example.net",
            "--Signaling:IceServerUrls:1", "turn:turn.example.net?transport=udp",
            "--Signaling:TurnUsername", "user",
            "--Signaling:TurnCredential", "a \"quoted\" word",
            "--HttpSessions:Regions:eu", OtherRegion,
            "--HttpSessions:RefusalBurst", "100000",
        ]);
        await ServerProcess.PrepareDatabase(_app.Services, default);
        await _app.StartAsync();
        var address = new Uri(_app.Urls.Single());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        WithoutNode = await Post("/whip/too-early", Token("too-early", "alice"), Offers.Publish());
        _node = MediaNode.MediaNode.Start(
            new NodeOptions
            {
                Server = new UriBuilder(address) { Scheme = "ws", Path = "/node" }.Uri,
                Secret = RunningServer.NodeSecret,
                Host = IPAddress.Loopback,
                MediaPort = 0,
                NodeId = "node-1",
                ShardCapacity = ShardCapacity,
            },
            NullLoggerFactory.Instance);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await Http.GetAsync("/readyz", patience.Token)).IsSuccessStatusCode)
        {
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _node.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    public static string Token(string room, string identity, VideoGrant? grant = null)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        VideoGrant video = (grant ?? new VideoGrant()) with { RoomJoin = true, Room = room };
        return TokenBuilder.Sign(
            new TokenClaims(RunningServer.ApiKey, identity, now.AddMinutes(5), null, "", "", video), RunningServer.Secret);
    }

    public Task<HttpResponseMessage> Post(string path, string? token, string body, string type = "application/sdp") =>
        Send(HttpMethod.Post, path, token, body, type);

    /// <param name="ifMatch">As it goes into the header; null = none.</param>
    public Task<HttpResponseMessage> Patch(string path, string body, string? ifMatch, string type = "application/trickle-ice-sdpfrag") =>
        Send(HttpMethod.Patch, path, null, body, type, ifMatch);

    public Task<HttpResponseMessage> Send(HttpMethod method, string path) => Send(method, path, null, null, "");

    public async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string? token, string? body, string type, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>A WHIP session of a room of its own.</summary>
    public async Task<Session> Publish(string? offer = null, string identity = "alice", string? room = null)
    {
        room ??= $"room-{Guid.NewGuid():N}";
        HttpResponseMessage response = await Post($"/whip/{room}", Token(room, identity), offer ?? Offers.Publish());
        return await Session.Of(room, response);
    }

    public async Task<Session> Watch(string room, string publisher = "alice", string viewer = "victor", string? offer = null)
    {
        HttpResponseMessage response = await Post($"/whep/{room}/{publisher}", Token(room, viewer), offer ?? Offers.Receive());
        return await Session.Of(room, response);
    }
}

/// <summary>What a POST gave.</summary>
public sealed record Session(string Room, HttpResponseMessage Response, string Url, string ETag, string Answer)
{
    /// <summary>The answer's media sections, without the session level.</summary>
    public string[] Sections => [.. Answer.Split("\r\nm=").Skip(1)];

    public static async Task<Session> Of(string room, HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}: {body}");
        return new Session(room, response, response.Headers.Location!.ToString(), response.Headers.ETag!.ToString(), body);
    }
}

using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using RtcPlatform.Server.Start;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>An edge whose only media node reports that it is at its limit (RFC 9725 section 4.5).</summary>
public sealed class OverflowTests(RunningServer running)
{
    private const string Overflow = "https://overflow.example.net";

    [Theory]
    [InlineData("/whip/room")]
    [InlineData("/whep/room/bob")]
    public async Task Without_an_overflow_it_is_503_with_retry_after(string path)
    {
        await using var edge = await FullEdge.Start(running);
        using HttpResponseMessage response = await edge.Post(path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Contains("\"overloaded\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_overflow_it_is_307_once()
    {
        await using var edge = await FullEdge.Start(running, "--HttpSessions:OverflowUrl", Overflow);
        using HttpResponseMessage sentOn = await edge.Post("/whip/room");
        using HttpResponseMessage again = await edge.Post("/whip/room?sent-on=1");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, sentOn.StatusCode);
        Assert.Equal($"{Overflow}/whip/room?sent-on=1", sentOn.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, again.StatusCode);
    }

    private sealed class FullEdge(WebApplication app, TestNode node, HttpClient http) : IAsyncDisposable
    {
        /// <summary>Started, and its node's load is known.</summary>
        public static async Task<FullEdge> Start(RunningServer running, params string[] more)
        {
            WebApplication app = ServerComposition.Build(
            [
                "--urls", "http://127.0.0.1:0",
                "--database", await running.Postgres.CreateDatabase(),
                "--development", "true",
                "--Media:NodeSecret", RunningServer.NodeSecret,
                "--Identity:DataKey", Convert.ToBase64String(new byte[32]),
                "--Development:ApiKey", RunningServer.ApiKey,
                "--Development:ApiSecret", RunningServer.Secret,
                "--HttpSessions:OverloadAt", "0.8",
                .. more,
            ]);
            await ServerProcess.PrepareDatabase(app.Services, default);
            await app.StartAsync();
            var address = new Uri(app.Urls.Single());
            var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
            var edge = new FullEdge(app, await TestNode.Connect(address, RunningServer.NodeSecret, busyCores: 0.9), http);

            // An offer that nobody takes is 400 until the load is known.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while ((int)(await edge.Post("/whip/probe", patience.Token)).StatusCode is 400 or 429)
            {
                await Task.Yield();
            }

            return edge;
        }

        public Task<HttpResponseMessage> Post(string path, CancellationToken cancel = default)
        {
            string room = path.Split('/', '?')[2];
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent([]) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/sdp");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningServer.JoinToken(room, "alice"));
            return http.SendAsync(request, cancel);
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await node.DisposeAsync();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}

using System.Net;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>A server whose media node takes on 1000 packets per second: a publisher of one audio and one video is 220 of them.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private readonly MediaServer _server = new() { ShardCapacity = 1_000 };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>RFC 9725 section 4.5: a service under high load may answer 503 and say when to come again.</summary>
    [Fact]
    public async Task A_publisher_beyond_the_capacity_gets_503_with_a_time_and_another_may_come_when_one_has_left()
    {
        var sessions = new List<Session>();
        for (int number = 0; number < 4; number++)
        {
            sessions.Add(await _server.Publish());
        }

        string room = $"room-{Guid.NewGuid():N}";
        string token = MediaServer.Token(room, "late");
        using (HttpResponseMessage refused = await _server.Post($"/whip/{room}", token, Offers.Publish()))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
            Assert.Contains("overloaded", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using HttpResponseMessage ended = await _server.Send(HttpMethod.Delete, sessions[0].Url);
        Assert.True(ended.IsSuccessStatusCode);
        await _server.Publish(identity: "late", room: room);
    }
}

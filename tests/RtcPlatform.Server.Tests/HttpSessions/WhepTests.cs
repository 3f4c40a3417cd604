using System.Net;
using System.Text.RegularExpressions;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>draft-ietf-wish-whep-03 and its core extensions: what they ask of a server.</summary>
public sealed partial class WhepTests(MediaServer server)
{
    /// <summary>"SHOULD respond with a 200 OK status code and include a Content-Type header field with the value application/sdp ... The HEAD
    /// response MUST include the same headers that would be returned in response to a GET request ... MUST NOT include a message body".</summary>
    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    public async Task An_endpoint_is_discovered(string method)
    {
        using HttpResponseMessage response = await server.Send(new HttpMethod(method), "/whep/room/alice");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/sdp", response.Content.Headers.ContentType!.ToString());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>"SHALL return a 409 Conflict response ... with a Retry-After header".</summary>
    [Fact]
    public async Task Who_is_not_live_is_409_with_retry_after()
    {
        string room = $"room-{Guid.NewGuid():N}";
        using HttpResponseMessage response =
            await server.Post($"/whep/{room}/alice", MediaServer.Token(room, "victor"), Offers.Receive());

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter!.Delta);
    }

    /// <summary>"it MUST generate an SDP answer ... and return a 201 Created response"; "it MUST use sendonly attribute in the SDP answer".</summary>
    [Theory]
    [InlineData("recvonly")]
    [InlineData("sendrecv")]
    public async Task POST_is_201_and_the_answer_sends_only(string offered)
    {
        Session published = await server.Publish();
        Session watched = await server.Watch(published.Room, offer: Offers.Receive(offered));

        Assert.StartsWith($"/whep/{published.Room}/alice/", watched.Url, StringComparison.Ordinal);
        Assert.All(watched.Sections, section => Assert.Contains("\r\na=sendonly\r\n", section, StringComparison.Ordinal));
    }

    /// <summary>"all m= sections MUST contain an msid attribute with the same value" for the stream; a camera that comes later has its section.</summary>
    [Fact]
    public async Task The_answer_has_one_stream_even_while_only_audio_is_published()
    {
        Session published = await server.Publish(Offers.AudioOnly());
        Session watched = await server.Watch(published.Room);

        string[] streams = [.. Stream().Matches(watched.Answer).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, streams.Length);
        Assert.Single(streams.Distinct());
        Assert.All(watched.Sections, section => Assert.Contains("\r\na=sendonly\r\n", section, StringComparison.Ordinal));
    }

    /// <summary>"The inactive and sendonly attributes MUST NOT be used."; "MUST reject ... with an appropriate 4xx error response".</summary>
    [Theory]
    [InlineData("sendonly", "application/sdp", 422)]
    [InlineData("inactive", "application/sdp", 422)]
    [InlineData("recvonly", "text/plain", 415)]
    public async Task An_offer_that_does_not_receive_is_refused(string direction, string type, int expected)
    {
        Session published = await server.Publish();
        using HttpResponseMessage response = await server.Post(
            $"/whep/{published.Room}/alice", MediaServer.Token(published.Room, "victor"), Offers.Publish(direction), type);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_viewer_needs_the_grant_and_a_name_of_its_own()
    {
        Session published = await server.Publish();
        string path = $"/whep/{published.Room}/alice";
        using HttpResponseMessage anonymous = await server.Post(path, null, Offers.Receive());
        using HttpResponseMessage deaf = await server.Post(
            path, MediaServer.Token(published.Room, "victor", new VideoGrant { CanSubscribe = false }), Offers.Receive());
        using HttpResponseMessage self = await server.Post(path, MediaServer.Token(published.Room, "alice"), Offers.Receive());

        Assert.Equal([401, 403, 403], new[] { anonymous, deaf, self }.Select(response => (int)response.StatusCode));
        Assert.Equal(204, (int)(await server.Send(HttpMethod.Get, published.Url)).StatusCode);
    }

    [Fact]
    public async Task A_session_is_patched_and_deleted_as_in_WHIP()
    {
        Session published = await server.Publish();
        Session watched = await server.Watch(published.Room);

        Assert.Equal(204, (int)(await server.Patch(watched.Url, Offers.Fragment(), watched.ETag)).StatusCode);
        Assert.Equal(200, (int)(await server.Patch(watched.Url, Offers.Fragment("ysXw", "vw5LmwG4y/e6dPP/zAP9Gp5k"), "*")).StatusCode);
        Assert.Equal(412, (int)(await server.Patch(watched.Url, Offers.Fragment(), watched.ETag)).StatusCode);
        Assert.Equal(200, (int)(await server.Send(HttpMethod.Delete, watched.Url)).StatusCode);
        Assert.Equal(404, (int)(await server.Send(HttpMethod.Get, watched.Url)).StatusCode);
    }

    /// <summary>"Protocol extensions supported by the WHEP server MUST be advertised ... one Link header field for each extension"; "MUST return a
    /// 400 Bad Request response and MUST NOT create the event stream".</summary>
    [Fact]
    public async Task Events_tell_of_the_publisher_going_and_coming()
    {
        Session published = await server.Publish();
        Session watched = await server.Watch(published.Room);
        string link = watched.Response.Headers.GetValues("Link").Single(value => value.Contains("server-sent-events", StringComparison.Ordinal));
        string sse = link[1..link.IndexOf('>', StringComparison.Ordinal)];
        Assert.Contains("rel=\"urn:ietf:params:whep:ext:core:server-sent-events\"", link, StringComparison.Ordinal);

        using HttpResponseMessage unknown = await server.Post(sse, null, "[\"scte35\"]", "application/json");
        using HttpResponseMessage created = await server.Post(sse, null, "[\"active\",\"inactive\"]", "application/json");
        Assert.Equal(400, (int)unknown.StatusCode);
        Assert.Equal(201, (int)created.StatusCode);

        string stream = created.Headers.Location!.ToString();
        using HttpResponseMessage events = await server.Http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        Assert.Equal("active", await Next(reader));
        await server.Send(HttpMethod.Delete, published.Url);
        Assert.Equal("inactive", await Next(reader));
        await server.Publish(room: published.Room);
        Assert.Equal("active", await Next(reader));

        Assert.Equal(200, (int)(await server.Send(HttpMethod.Delete, stream)).StatusCode);
        Assert.Equal(404, (int)(await server.Send(HttpMethod.Get, stream)).StatusCode);
    }

    private static async Task<string> Next(StreamReader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                Assert.Equal("data: {}", await reader.ReadLineAsync(patience.Token));
                return line["event: ".Length..];
            }
        }

        return "the stream ended";
    }

    [GeneratedRegex("\r\na=msid:([^ ]+) ")]
    private static partial Regex Stream();
}

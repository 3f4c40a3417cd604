using System.Net;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>draft-ietf-wish-whep-03 as HTTP: what it says of methods, headers and streams, beside what <see cref="WhepTests"/> has.</summary>
public sealed class WhepHttpTests(MediaServer server)
{
    /// <summary>"the WHEP endpoints and sessions MUST return a 2XX successful response with no content when a GET request is received".</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task GET_of_endpoint_and_session_is_2xx_without_content(string method)
    {
        (Session published, Session watched) = await Watched();
        foreach (string path in new[] { $"/whep/{published.Room}/alice", watched.Url })
        {
            using HttpResponseMessage response = await server.Send(new HttpMethod(method), path);
            Assert.InRange((int)response.StatusCode, 200, 299);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>"The WHEP endpoints MUST support OPTIONS requests for Cross-Origin Resource Sharing ... The 200 OK response to any OPTIONS request
    /// SHOULD include an Accept-Post header with a media type value of application/sdp".</summary>
    [Theory]
    [InlineData("", "POST")]
    [InlineData("/session", "PATCH")]
    [InlineData("/session", "DELETE")]
    [InlineData("/session/sse", "POST")]
    [InlineData("/session/sse/stream", "GET")]
    [InlineData("/session/layer", "POST")]
    public async Task OPTIONS_is_for_every_origin(string below, string method)
    {
        using HttpResponseMessage response = await server.Send(HttpMethod.Options, $"/whep/room/alice{below}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/sdp", Assert.Single(response.Headers.GetValues("Accept-Post")));
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains(method, string.Join(',', response.Headers.GetValues("Access-Control-Allow-Methods")).Split(',', StringSplitOptions.TrimEntries));
    }

    /// <summary>"SHALL gather all the ICE candidates for the media server before responding"; "MUST include the rtcp-mux-only attribute in each
    /// bundled m= sections"; "it MUST generate a unique strong entity-tag ... MUST be returned in an ETag header field in the 201".</summary>
    [Fact]
    public async Task The_answer_is_complete_and_its_tag_strong_and_unique()
    {
        (Session published, Session watched) = await Watched();
        Session other = await server.Watch(published.Room, viewer: "vera");

        Assert.Contains("\r\na=group:BUNDLE 0 1\r\n", watched.Answer, StringComparison.Ordinal);
        Assert.All(watched.Sections, section => Assert.Contains("\r\na=rtcp-mux-only\r\n", section, StringComparison.Ordinal));
        Assert.Contains("\r\na=candidate:", watched.Answer, StringComparison.Ordinal);
        Assert.Contains("\r\na=end-of-candidates\r\n", watched.Answer, StringComparison.Ordinal);
        Assert.False(watched.Response.Headers.ETag!.IsWeak);
        Assert.NotEqual(watched.ETag, other.ETag);
        Assert.NotEqual(watched.Url, other.Url);
    }

    /// <summary>"WHEP sessions MUST ignore any entity-tag value sent by the WHEP player when ICE session matching is not required, as in the HTTP
    /// DELETE request".</summary>
    [Fact]
    public async Task DELETE_ignores_entity_tags()
    {
        (_, Session watched) = await Watched();
        using HttpResponseMessage response = await server.Send(HttpMethod.Delete, watched.Url, null, null, "", "\"another\"");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(404, (int)(await server.Send(HttpMethod.Get, watched.Url)).StatusCode);
    }

    /// <summary>"If the ICE restart request cannot be satisfied by the WHEP session, the resource MUST return an appropriate HTTP error code and
    /// MUST NOT terminate the session immediately"; malformed fragments "with an appropriate 4XX error response".</summary>
    [Fact]
    public async Task A_fragment_that_is_refused_ends_nothing()
    {
        (_, Session watched) = await Watched();

        Assert.Equal(400, (int)(await server.Patch(watched.Url, Offers.Fragment("ys", "short"), "*")).StatusCode);
        Assert.Equal(400, (int)(await server.Patch(watched.Url, "not a fragment", "*")).StatusCode);
        Assert.Equal(204, (int)(await server.Patch(watched.Url, Offers.Fragment(), watched.ETag)).StatusCode);
    }

    /// <summary>"status codes 301 and 302 MUST NOT be used and the preferred method ... is via the 307 Temporary Redirect".</summary>
    [Fact]
    public async Task Another_region_is_307()
    {
        Session published = await server.Publish();
        string path = $"/whep/{published.Room}/alice?region=eu";
        using HttpResponseMessage response = await server.Post(path, MediaServer.Token(published.Room, "victor"), Offers.Receive());

        Assert.Equal(307, (int)response.StatusCode);
        Assert.StartsWith($"{MediaServer.OtherRegion}{path}", response.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>"the WHEP Resource MUST check for each event stream if the type is on the list provided by the WHEP player"; "All the event streams
    /// associated with a WHEP Resource MUST be destroyed when the WHEP Resource is terminated."</summary>
    [Fact]
    public async Task A_stream_has_the_types_it_asked_for_and_ends_with_its_session()
    {
        (Session published, Session watched) = await Watched();
        using HttpResponseMessage created = await server.Post($"{watched.Url}/sse", null, "[\"inactive\"]", "application/json");
        string stream = created.Headers.Location!.ToString();
        using HttpResponseMessage events = await server.Http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        await server.Send(HttpMethod.Delete, published.Url);
        Assert.Equal("event: inactive", await reader.ReadLineAsync(patience.Token));
        await server.Publish(room: published.Room);
        await server.Send(HttpMethod.Delete, watched.Url);
        Assert.Equal("data: {}\n\n", await reader.ReadToEndAsync(patience.Token));
        Assert.Equal(404, (int)(await server.Send(HttpMethod.Get, stream)).StatusCode);
    }

    private async Task<(Session Published, Session Watched)> Watched()
    {
        Session published = await server.Publish();
        return (published, await server.Watch(published.Room));
    }
}

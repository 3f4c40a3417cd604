using System.Text.Json;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>WHEP's core extensions: video layer selection and the <c>layers</c> event.</summary>
public sealed class LayerTests(MediaServer server)
{
    /// <summary>"a Link header field with a rel attribute of urn:ietf:params:whep:ext:core:layer MUST be returned in the initial HTTP 201 Created
    /// response"; "the Server Sent Events extension MUST be supported as well and the layers event MUST be advertised".</summary>
    [Fact]
    public async Task The_extension_is_advertised_with_its_event()
    {
        Session watched = await Watched();
        string[] links = [.. watched.Response.Headers.GetValues("Link")];

        Assert.Contains($"<{watched.Url}/layer>; rel=\"urn:ietf:params:whep:ext:core:layer\"", links);
        string events = links.Single(link => link.Contains("server-sent-events", StringComparison.Ordinal));
        Assert.Contains("layers", events[events.IndexOf("events=\"", StringComparison.Ordinal)..].Split('"')[1].Split(','));
    }

    /// <summary>"The WHEP Endpoint will return a 200 OK if the switch to the new video layer can be performed or an appropriate HTTP error
    /// response if not."</summary>
    [Theory]
    [InlineData("{\"mediaId\":\"1\",\"rid\":\"h\"}", 200)]
    [InlineData("{\"rid\":\"f\"}", 200)]
    [InlineData("{\"mediaId\":\"1\",\"encodingId\":\"q\"}", 200)]
    [InlineData("{\"mediaId\":\"1\"}", 200)]
    [InlineData("{\"somethingNew\":true}", 200)]
    [InlineData("{}", 200)]
    [InlineData("", 200)]
    [InlineData("{\"rid\":\"x\"}", 422, "unknown_layer")]
    [InlineData("{\"mediaId\":\"0\",\"rid\":\"h\"}", 422, "unknown_layer")]
    [InlineData("{\"mediaId\":\"7\"}", 422, "unknown_layer")]
    [InlineData("{\"mediaId\":\"video\"}", 422, "unknown_layer")]
    [InlineData("{\"rid\":\"h\",\"temporalLayerId\":0}", 422, "unsupported_layer")]
    [InlineData("{\"maxWidth\":640}", 422, "unsupported_layer")]
    [InlineData("{\"rid\":1}", 400, "malformed_selection")]
    [InlineData("[]", 400, "malformed_selection")]
    [InlineData("{", 400, "malformed_selection")]
    public async Task A_layer_is_chosen_by_its_rid(string body, int expected, string? code = null)
    {
        Session watched = await Watched();
        using HttpResponseMessage response = await server.Post($"{watched.Url}/layer", null, body, "application/json");

        Assert.Equal(expected, (int)response.StatusCode);
        if (code is not null)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Other_types_too_much_and_other_sessions_are_refused()
    {
        Session watched = await Watched();
        using HttpResponseMessage text = await server.Post($"{watched.Url}/layer", null, "{}", "text/plain");
        using HttpResponseMessage much = await server.Post($"{watched.Url}/layer", null, new string(' ', 5_000), "application/json");
        await server.Send(HttpMethod.Delete, watched.Url);
        using HttpResponseMessage ended = await server.Post($"{watched.Url}/layer", null, "{}", "application/json");
        using HttpResponseMessage options = await server.Send(HttpMethod.Options, $"{watched.Url}/layer");

        Assert.Equal([415, 413, 404, 200], new[] { text, much, ended, options }.Select(response => (int)response.StatusCode));
    }

    /// <summary>"The layer object MUST contain at least one of the rid, spatialLayerId or temporalLayerId attributes"; "A layer is considered
    /// inactive if the bitrate attribute is 0 or not set."; "MUST encode the event data in a single data line".</summary>
    [Fact]
    public async Task A_stream_begins_with_the_layers_of_what_is_watched()
    {
        Session watched = await Watched();
        using HttpResponseMessage created = await server.Post($"{watched.Url}/sse", null, "[\"layers\"]", "application/json");
        using HttpResponseMessage events = await server.Http.GetAsync(
            created.Headers.Location!.ToString(), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal("event: layers", await reader.ReadLineAsync(patience.Token));
        Assert.Equal("data: {\"1\":[{\"rid\":\"f\"},{\"rid\":\"h\"},{\"rid\":\"q\"}]}", await reader.ReadLineAsync(patience.Token));
    }

    private async Task<Session> Watched()
    {
        Session published = await server.Publish(Offers.Simulcast());
        return await server.Watch(published.Room);
    }
}

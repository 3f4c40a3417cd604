using System.Net;
using System.Text.RegularExpressions;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>RFC 9725 sections 4.1, 4.2 and 4.4 to 4.8: what its sentences ask of a server. Each test names its sentence.</summary>
public sealed partial class WhipSetupTests(MediaServer server)
{
    /// <summary>4.1: "WHIP endpoints and sessions MUST return a 2xx successful response with no content when a GET request is received".</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task S4_1_GET_of_endpoint_and_session_is_2xx_without_content(string method)
    {
        Session session = await server.Publish();

        foreach (string path in (string[])[$"/whip/{session.Room}", session.Url])
        {
            using HttpResponseMessage response = await server.Send(new HttpMethod(method), path);
            Assert.True(response.IsSuccessStatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>4.2: "MUST generate an SDP answer ... and return a 201 Created response with a content type of application/sdp, the SDP
    /// answer as the body, and a Location header field pointing to the newly created WHIP session".</summary>
    [Fact]
    public async Task S4_2_POST_is_201_with_answer_and_location()
    {
        Session session = await server.Publish();

        Assert.Equal("application/sdp", session.Response.Content.Headers.ContentType!.ToString());
        Assert.StartsWith("v=0\r\n", session.Answer, StringComparison.Ordinal);
        Assert.Equal(2, session.Sections.Length);
        Assert.StartsWith($"/whip/{session.Room}/", session.Url, StringComparison.Ordinal);
    }

    /// <summary>4.2: "If the HTTP POST to the WHIP endpoint has a content type different than application/sdp or the SDP is malformed, the
    /// WHIP endpoint MUST reject the HTTP POST request with an appropriate 4xx error response".</summary>
    [Theory]
    [InlineData("text/plain", "v=0", 415)]
    [InlineData("application/json", "{}", 415)]
    [InlineData("application/sdp", "", 400)]
    [InlineData("application/sdp", "{\"sdp\":\"v=0\"}", 400)]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", 400)]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=sendonly\r\n", 422)]
    public async Task S4_2_other_types_and_malformed_SDP_are_4xx(string type, string body, int expected)
    {
        string room = $"room-{Guid.NewGuid():N}";
        using HttpResponseMessage response = await server.Post($"/whip/{room}", MediaServer.Token(room, "alice"), body, type);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>4.2: "the WHIP client ... MAY use sendrecv ...; inactive and recvonly attributes MUST NOT be used. The WHIP endpoint MUST use
    /// recvonly attribute in the SDP answer".</summary>
    [Theory]
    [InlineData("sendonly")]
    [InlineData("sendrecv")]
    public async Task S4_2_the_answer_is_recvonly(string offered)
    {
        Session session = await server.Publish(Offers.Publish(offered));

        Assert.All(session.Sections, section => Assert.Contains("\r\na=recvonly\r\n", section, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("recvonly")]
    [InlineData("inactive")]
    public async Task S4_2_an_offer_that_does_not_send_is_refused(string offered)
    {
        string room = $"room-{Guid.NewGuid():N}";
        using HttpResponseMessage response =
            await server.Post($"/whip/{room}", MediaServer.Token(room, "alice"), Offers.Publish(offered));

        Assert.Equal(422, (int)response.StatusCode);
    }

    /// <summary>4.2: "MUST support OPTIONS requests for CORS ... SHOULD include an Accept-Post header with a media type value of application/sdp".</summary>
    [Fact]
    public async Task S4_2_OPTIONS_is_for_every_origin()
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/whip/room");
        request.Headers.Add("Origin", "https://customer.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("Authorization", response.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Contains("POST", response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Equal(["application/sdp"], response.Headers.GetValues("Accept-Post"));
        Assert.False(response.Headers.Contains("Link"), "no ICE servers in an answer to a preflight (4.6)");
    }

    /// <summary>4.2: "Upon receiving the HTTP DELETE request, the WHIP session will be removed and the resources freed on the media server".</summary>
    [Fact]
    public async Task S4_2_DELETE_ends_the_session_and_is_idempotent()
    {
        Session session = await server.Publish();

        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Delete, session.Url)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Send(HttpMethod.Get, session.Url)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Delete, session.Url)).StatusCode);
    }

    /// <summary>4.3.2: "SHALL gather all the ICE candidates for the media server before responding ... and the SDP answer SHALL contain the full
    /// list of ICE candidates of the media server".</summary>
    [Fact]
    public async Task S4_3_2_the_answer_has_all_candidates()
    {
        Session session = await server.Publish();

        Assert.Matches("a=candidate:1 1 udp [0-9]+ 127\\.0\\.0\\.1 [0-9]+ typ host", session.Sections[0]);
        Assert.Contains("a=end-of-candidates", session.Sections[0], StringComparison.Ordinal);
    }

    /// <summary>4.4.1: "SHALL support RFC 9143 ... SHALL use RTP/RTCP multiplexing ... MUST include the rtcp-mux-only attribute in each bundled
    /// m= section".</summary>
    [Fact]
    public async Task S4_4_1_the_answer_bundles_and_multiplexes()
    {
        Session session = await server.Publish();

        Assert.Contains("a=group:BUNDLE 0 1\r\n", session.Answer, StringComparison.Ordinal);
        Assert.All(session.Sections, section => Assert.Contains("a=rtcp-mux\r\n", section, StringComparison.Ordinal));
        Assert.All(session.Sections, section => Assert.Contains("a=rtcp-mux-only\r\n", section, StringComparison.Ordinal));
    }

    /// <summary>4.4.2: "if the number of audio and/or video MediaStreamTracks ... are not supported by the WHIP endpoint, it MUST reject the HTTP
    /// POST request with a 422 Unprocessable Content or 400 Bad Request error response". 4.4.3: "SHOULD NOT reject individual m= sections ... but
    /// reject the HTTP POST request".</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S4_4_2_and_3_what_cannot_be_taken_whole_is_refused_whole(bool tooMany)
    {
        string room = $"room-{Guid.NewGuid():N}";
        using HttpResponseMessage response = await server.Post(
            $"/whip/{room}", MediaServer.Token(room, "alice"), tooMany ? Offers.TwoVideos() : Offers.UnknownCodec());

        Assert.Equal(422, (int)response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    /// <summary>4.4.4: "If the WHIP client only implements the DTLS client role, it MAY use ... active".</summary>
    [Theory]
    [InlineData("actpass", "passive")]
    [InlineData("active", "passive")]
    [InlineData("passive", "active")]
    public async Task S4_4_4_every_setup_role_is_answered(string offered, string answered)
    {
        Session session = await server.Publish(Offers.Publish(setup: offered));

        Assert.Contains($"a=setup:{answered}\r\n", session.Answer, StringComparison.Ordinal);
    }

    /// <summary>4.5: "status codes 301 and 302 MUST NOT be used and the preferred method ... is via the 307 Temporary Redirect".</summary>
    [Fact]
    public async Task S4_5_another_region_is_307_with_path_and_query()
    {
        string room = $"room-{Guid.NewGuid():N}";
        using HttpResponseMessage response =
            await server.Post($"/whip/{room}?region=eu", MediaServer.Token(room, "alice"), Offers.Publish());
        using HttpResponseMessage here =
            await server.Post($"/whip/{room}?region=eu&sent-on=1", MediaServer.Token(room, "alice"), Offers.Publish());

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal($"{MediaServer.OtherRegion}/whip/{room}?region=eu&sent-on=1", response.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Created, here.StatusCode);
    }

    /// <summary>4.5: "MAY return a 503 Service Unavailable ... might send a Retry-After header field".</summary>
    [Fact]
    public void S4_5_without_a_media_node_it_is_503_with_retry_after()
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, server.WithoutNode.StatusCode);
        Assert.NotNull(server.WithoutNode.Headers.RetryAfter!.Delta);
    }

    /// <summary>4.6: "A reference to each STUN/TURN server will be returned using the Link header field with a rel attribute value of ice-server".</summary>
    [Fact]
    public async Task S4_6_ICE_servers_are_links() =>
        Assert.Equal(
            [
                "<stun:stun.example.net>; rel=\"ice-server\"",
                "<turn:turn.example.net?transport=udp>; rel=\"ice-server\"; username=\"user\"; "
                + "credential=\"a \\\"quoted\\\" word\"; credential-type=\"password\"",
            ],
            (await server.Publish()).Response.Headers.GetValues("Link"));

    /// <summary>4.7: "All WHIP endpoints, sessions, and clients MUST support HTTP authentication ... bearer token authentication ... MUST be
    /// supported by all WHIP entities".</summary>
    [Theory]
    [InlineData(null, 401)]
    [InlineData("nonsense", 401)]
    [InlineData("other room", 403)]
    [InlineData("may not publish", 403)]
    public async Task S4_7_bearer_tokens_decide(string? token, int expected)
    {
        string room = $"room-{Guid.NewGuid():N}";
        string? sent = token switch
        {
            "other room" => MediaServer.Token("other", "alice"),
            "may not publish" => MediaServer.Token(room, "alice", new VideoGrant { CanPublish = false }),
            _ => token,
        };
        using HttpResponseMessage response = await server.Post($"/whip/{room}", sent, Offers.Publish());

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(expected == 401, response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Bearer"));
    }

    /// <summary>4.8: "A server accepting a simulcast offer MUST create an answer according to the procedures in Section 5.3.2 of RFC 8853".</summary>
    [Fact]
    public async Task S4_8_simulcast_is_answered()
    {
        Session session = await server.Publish(Offers.Simulcast());

        Assert.Contains("a=simulcast:recv q;h;f\r\n", session.Sections[1], StringComparison.Ordinal);
        Assert.Equal(3, RecvRid().Count(session.Sections[1]));
    }

    /// <summary>5: "WHIP endpoints SHOULD implement a rate limit and avalanche control mechanism for incoming initial HTTP POST requests".</summary>
    [Fact]
    public async Task S5_who_posts_too_often_waits()
    {
        string room = $"room-{Guid.NewGuid():N}";
        HttpResponseMessage? limited = null;
        for (int i = 0; limited is null && i < 50; i++)
        {
            HttpResponseMessage response = await server.Post($"/whip/{room}", MediaServer.Token(room, "alice"), "no sdp");
            limited = (int)response.StatusCode == 429 ? response : null;
        }

        Assert.NotNull(limited?.Headers.RetryAfter);
    }

    [Fact]
    public async Task Too_much_is_413_and_what_is_not_accepted_406()
    {
        string room = $"room-{Guid.NewGuid():N}";
        using HttpResponseMessage large =
            await server.Post($"/whip/{room}", MediaServer.Token(room, "alice"), Offers.Publish() + new string('a', 200_000));
        var picky = new HttpRequestMessage(HttpMethod.Post, $"/whip/{room}") { Content = new StringContent(Offers.Publish()) };
        picky.Content.Headers.ContentType = new("application/sdp");
        picky.Headers.Authorization = new("Bearer", MediaServer.Token(room, "bob"));
        picky.Headers.Accept.ParseAdd("application/json");
        using HttpResponseMessage refused = await server.Http.SendAsync(picky);

        Assert.Equal(413, (int)large.StatusCode);
        Assert.Equal(406, (int)refused.StatusCode);
    }

    [GeneratedRegex("a=rid:[qhf] recv\r\n")]
    private static partial Regex RecvRid();
}

using System.Net;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>RFC 9725 section 4.3: trickle ICE and ICE restarts. Each test names its sentence.</summary>
public sealed class WhipIceTests(MediaServer server)
{
    private const string NewUfrag = "ysXw";
    private const string NewPassword = "vw5LmwG4y/e6dPP/zAP9Gp5k";

    /// <summary>4.3.1: "If the HTTP PATCH to the WHIP session has a content type different than application/trickle-ice-sdpfrag or the SDP
    /// fragment is malformed, the WHIP session MUST reject the HTTP PATCH with an appropriate 4xx error response".</summary>
    [Theory]
    [InlineData("application/sdp", "a=end-of-candidates\r\n", 415)]
    [InlineData("application/trickle-ice-sdpfrag", "", 400)]
    [InlineData("application/trickle-ice-sdpfrag", "{}", 400)]
    [InlineData("application/trickle-ice-sdpfrag", "a=ice-ufrag:x\r\na=ice-pwd:y\r\n", 400)]
    [InlineData("application/trickle-ice-sdpfrag", "a=ice-ufrag:abcd\r\n", 400)]
    public async Task S4_3_1_other_types_and_malformed_fragments_are_4xx(string type, string body, int expected)
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Patch(session.Url, body, session.ETag, type);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Get, session.Url)).StatusCode);
    }

    /// <summary>4.3.1: "MUST generate a unique strong entity-tag identifying the ICE session ... The initial value ... MUST be returned in an ETag
    /// header field in the 201 Created response".</summary>
    [Fact]
    public async Task S4_3_1_the_entity_tag_is_strong_and_unique()
    {
        Session one = await server.Publish();
        Session other = await server.Publish();

        Assert.False(one.Response.Headers.ETag!.IsWeak);
        Assert.Matches("^\"[^\"]+\"$", one.ETag);
        Assert.NotEqual(one.ETag, other.ETag);
    }

    /// <summary>4.3.1: "WHIP sessions MUST ignore any entity-tag value sent by the WHIP client when ICE session matching is not required, as in the
    /// HTTP DELETE request".</summary>
    [Fact]
    public async Task S4_3_1_DELETE_ignores_entity_tags()
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Send(HttpMethod.Delete, session.Url, null, null, "", ifMatch: "\"another\"");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Send(HttpMethod.Get, session.Url)).StatusCode);
    }

    /// <summary>4.3.1: "a 428 Precondition Required response for a missing entity tag, and a 412 Precondition Failed response for a non-matching
    /// entity tag".</summary>
    [Theory]
    [InlineData(null, 428)]
    [InlineData("\"another\"", 412)]
    [InlineData("W/\"weak\"", 412)]
    [InlineData("unquoted", 412)]
    public async Task S4_3_1_missing_and_outdated_tags(string? tag, int expected)
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Patch(session.Url, Offers.Fragment(), tag);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    /// <summary>4.3.2: "MUST return a 204 No Content response without a body and MUST NOT include an ETag header in the response".</summary>
    [Fact]
    public async Task S4_3_2_candidates_are_204_without_a_tag()
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Patch(
            session.Url, Offers.Fragment(candidates: "a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n"), session.ETag);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Null(response.Headers.ETag);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>4.3.2: "If the WHIP session does not support a candidate transport or is not able to resolve the connection address, it MUST
    /// silently discard the candidate and continue processing the rest of the request normally".</summary>
    [Fact]
    public async Task S4_3_2_candidates_that_are_of_no_use_are_passed_over()
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Patch(
            session.Url,
            Offers.Fragment(candidates:
                "a=candidate:3 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active\r\n"
                + "a=candidate:4 1 udp 2122260223 1b5e4f5a-9c3d-4c0e-8a52-nowhere.local 61764 typ host\r\n"),
            session.ETag);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <summary>4.3.3: "any WHIP session receiving an updated ice-pwd and ice-ufrag attributes MUST consider the request as performing an ICE
    /// restart ... SHALL return a 200 OK with an application/trickle-ice-sdpfrag body containing the new ICE username fragment and password and
    /// a new set of ICE candidates ... MUST contain the new entity-tag".</summary>
    [Theory]
    [InlineData("*")]
    [InlineData("\"*\"")]
    public async Task S4_3_3_a_restart_gives_new_credentials_and_a_new_tag(string ifMatch)
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Patch(session.Url, Offers.Fragment(NewUfrag, NewPassword), ifMatch);
        string fragment = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/trickle-ice-sdpfrag", response.Content.Headers.ContentType!.MediaType);
        Assert.NotEqual(session.ETag, response.Headers.ETag!.ToString());
        Assert.Contains("a=candidate:1 1 udp", fragment, StringComparison.Ordinal);
        Assert.Matches("a=ice-ufrag:.{4,}\r\na=ice-pwd:.{22,}\r\n", fragment);
        Assert.DoesNotContain(Line(session.Answer, "a=ice-ufrag:"), fragment, StringComparison.Ordinal);
        using HttpResponseMessage outdated = await server.Patch(session.Url, Offers.Fragment(NewUfrag, NewPassword), session.ETag);
        using HttpResponseMessage current =
            await server.Patch(session.Url, Offers.Fragment(NewUfrag, NewPassword), response.Headers.ETag!.ToString());
        Assert.Equal(412, (int)outdated.StatusCode);
        Assert.Equal(204, (int)current.StatusCode);
    }

    /// <summary>4.3.3: "MUST ensure that the HTTP PATCH request and response bodies include the same ice-options, ice-pacing, and ice-lite
    /// attributes as those used in the SDP offer or answer".</summary>
    [Fact]
    public async Task S4_3_3_the_fragment_has_the_ICE_attributes_of_the_answer()
    {
        Session session = await server.Publish();
        using HttpResponseMessage response = await server.Patch(session.Url, Offers.Fragment(NewUfrag, NewPassword), "*");
        string fragment = await response.Content.ReadAsStringAsync();

        foreach (string attribute in (string[])["a=ice-lite", "a=ice-options", "a=ice-pacing"])
        {
            Assert.Equal(
                session.Answer.Contains(attribute, StringComparison.Ordinal), fragment.Contains(attribute, StringComparison.Ordinal));
        }
    }

    /// <summary>4.3.3: "If the ICE restart request cannot be satisfied by the WHIP session, the resource MUST return an appropriate HTTP error code
    /// and MUST NOT terminate the session immediately and keep the existing ICE session".</summary>
    [Fact]
    public async Task S4_3_3_a_restart_that_fails_ends_nothing()
    {
        Session session = await server.Publish();
        using HttpResponseMessage failed = await server.Patch(session.Url, Offers.Fragment(NewUfrag, "short"), "*");
        using HttpResponseMessage after = await server.Patch(session.Url, Offers.Fragment(), session.ETag);

        Assert.Equal(400, (int)failed.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, after.StatusCode);
    }

    /// <summary>Eyevinn's web client (1.1.7) sends the tag as <c>ETag</c>: a browser lets it through, and it can read why it is refused.</summary>
    [Fact]
    public async Task A_page_that_sends_its_tag_as_ETag_can_read_the_refusal()
    {
        Session session = await server.Publish();
        var preflight = new HttpRequestMessage(HttpMethod.Options, session.Url);
        preflight.Headers.Add("Origin", "https://customer.example");
        preflight.Headers.Add("Access-Control-Request-Method", "PATCH");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,etag");
        using HttpResponseMessage allowed = await server.Http.SendAsync(preflight);
        using HttpResponseMessage refused = await server.Patch(session.Url, Offers.Fragment(), ifMatch: null);

        Assert.Contains("ETag", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Contains("PATCH", allowed.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Equal(428, (int)refused.StatusCode);
        Assert.Equal(["*"], refused.Headers.GetValues("Access-Control-Allow-Origin"));
        string exposed = session.Response.Headers.GetValues("Access-Control-Expose-Headers").Single();
        Assert.All((string[])["Location", "ETag", "Link"], name => Assert.Contains(name, exposed, StringComparison.Ordinal));
    }

    /// <summary>5: "SHOULD generate URLs with enough randomness".</summary>
    [Fact]
    public async Task S5_a_session_answers_to_its_own_url_only()
    {
        Session session = await server.Publish();
        string guess = session.Url[..^4] + "AAAA";

        Assert.Equal(404, (int)(await server.Send(HttpMethod.Get, guess)).StatusCode);
        Assert.Equal(404, (int)(await server.Patch(guess, Offers.Fragment(), "*")).StatusCode);
        await server.Send(HttpMethod.Delete, guess);
        Assert.Equal(204, (int)(await server.Send(HttpMethod.Get, session.Url)).StatusCode);
        Assert.True(session.Url.Length - session.Url.LastIndexOf('.') > 40);
    }

    private static string Line(string sdp, string start) => sdp.Split("\r\n").First(line => line.StartsWith(start, StringComparison.Ordinal));
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>draft-ietf-wish-whep-03, "Server Sends Counter-offer" and what belongs to it.</summary>
public sealed partial class CounterOfferTests(MediaServer server)
{
    private const string H264 = "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f\r\n";

    /// <summary>"it MUST generate its own SDP offer ... and return a 406 Not Acceptable response with a content type of application/sdp, the SDP
    /// counter-offer as the body, and a Location header field"; "The valid-until parameter value MUST be an HTTP-date"; "it SHOULD use
    /// sendonly"; "MUST include the rtcp-mux-only attribute in each bundled m= sections"; "all m= sections MUST contain an msid attribute
    /// with the same value".</summary>
    [Fact]
    public async Task What_the_offer_cannot_carry_is_countered_by_an_offer_that_can()
    {
        Session published = await server.Publish();
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        using HttpResponseMessage response = await Post(published.Room, Offers.ReceiveH264());
        string offer = await response.Content.ReadAsStringAsync();
        MediaTypeHeaderValue type = response.Content.Headers.ContentType!;
        string until = type.Parameters.Single(parameter => parameter.Name == "valid-until").Value!.Trim('"');

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal("application/sdp", type.MediaType);
        Assert.InRange(
            DateTimeOffset.ParseExact(until, "R", CultureInfo.InvariantCulture), before.AddSeconds(19), DateTimeOffset.UtcNow.AddSeconds(20));
        Assert.StartsWith($"/whep/{published.Room}/alice/", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains(response.Headers.GetValues("Link"), link => link.Contains("server-sent-events", StringComparison.Ordinal));
        string[] sections = [.. offer.Split("\r\nm=").Skip(1)];
        Assert.StartsWith("video 0 UDP/TLS/RTP/SAVPF 96 97 ", sections[1], StringComparison.Ordinal);
        Assert.All(sections, section => Assert.Contains("\r\na=sendonly\r\n", section, StringComparison.Ordinal));
        Assert.All(sections, section => Assert.Contains("\r\na=rtcp-mux-only\r\n", section, StringComparison.Ordinal));
        Assert.Contains("\r\na=group:BUNDLE 0 1\r\n", offer, StringComparison.Ordinal);
        Assert.Equal(2, Stream().Count(offer));
        Assert.Single(Stream().Matches(offer).Select(match => match.Groups[1].Value).Distinct());
    }

    /// <summary>"the WHEP player MUST perform an HTTP PATCH request ... The WHEP endpoint MUST return a 204 No Content response."; after it the
    /// session is one like others, with an entity tag.</summary>
    [Fact]
    public async Task The_answer_is_204_and_the_session_is_patched_and_deleted()
    {
        string url = await Countered();
        using HttpResponseMessage answered = await Answer(url, Offers.Answer());

        Assert.Equal(HttpStatusCode.NoContent, answered.StatusCode);
        Assert.Empty(await answered.Content.ReadAsByteArrayAsync());
        string tag = answered.Headers.ETag!.ToString();
        using HttpResponseMessage trickled = await server.Patch(url, Offers.Fragment(), tag);
        Assert.Equal((204, null), ((int)trickled.StatusCode, trickled.Headers.ETag));
        using HttpResponseMessage restarted = await server.Patch(url, Offers.Fragment("ysXw", "vw5LmwG4y/e6dPP/zAP9Gp5k"), "*");
        Assert.Contains("a=ice-options:trickle ice2\r\n", await restarted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(412, (int)(await server.Patch(url, Offers.Fragment(), tag)).StatusCode);
        Assert.Equal(200, (int)(await server.Send(HttpMethod.Delete, url)).StatusCode);
        Assert.Equal(404, (int)(await Answer(url, Offers.Answer())).StatusCode);
    }

    /// <summary>"If the SDP is malformed, the WHEP endpoint MUST reject the HTTP PATCH request with an appropriate 4XX"; "it MUST use recvonly
    /// attribute in the SDP answer"; what is refused leaves the counter-offer open.</summary>
    [Fact]
    public async Task A_wrong_answer_is_refused_and_a_right_one_may_follow()
    {
        string url = await Countered();

        Assert.Equal(400, (int)(await Answer(url, "not SDP")).StatusCode);
        Assert.Equal(400, (int)(await Answer(url, "")).StatusCode);
        Assert.Equal(422, (int)(await Answer(url, Offers.Answer("sendrecv"))).StatusCode);
        Assert.Equal(422, (int)(await Answer(url, Offers.Answer(setup: "actpass"))).StatusCode);
        Assert.Equal(422, (int)(await Answer(url, Offers.Answer(video: H264))).StatusCode);
        Assert.Equal(422, (int)(await Answer(url, Offers.AudioOnly("recvonly"))).StatusCode);
        Assert.Equal(204, (int)(await Answer(url, Offers.Answer())).StatusCode);
        using HttpResponseMessage again = await Answer(url, Offers.Answer());
        Assert.Equal(409, (int)again.StatusCode);
        Assert.Equal("application/problem+json", again.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>There is no ICE session yet to trickle into or to restart.</summary>
    [Fact]
    public async Task A_fragment_before_the_answer_is_refused()
    {
        string url = await Countered();

        Assert.Equal(428, (int)(await server.Patch(url, Offers.Fragment(), null)).StatusCode);
        Assert.Equal(422, (int)(await server.Patch(url, Offers.Fragment(), "*")).StatusCode);
        using HttpResponseMessage wrong = await server.Patch(url, "{}", "*", "application/json");
        Assert.Equal(415, (int)wrong.StatusCode);
        Assert.Equal("application/trickle-ice-sdpfrag, application/sdp", string.Join(", ", wrong.Headers.GetValues("Accept-Patch")));
        Assert.Equal(204, (int)(await Answer(url, Offers.Answer())).StatusCode);
    }

    /// <summary>A session that came about by 201 has nothing to answer, and an ingress never has.</summary>
    [Fact]
    public async Task An_answer_to_no_counter_offer_is_refused()
    {
        Session published = await server.Publish();
        Session watched = await server.Watch(published.Room);

        Assert.Equal(409, (int)(await Answer(watched.Url, Offers.Answer())).StatusCode);
        Assert.Equal(415, (int)(await Answer(published.Url, Offers.Answer())).StatusCode);
    }

    public static TheoryData<string, string> Uncarried => new()
    {
        { Offers.VideoOnly(), Offers.AudioOnly("recvonly") },
        { Offers.Publish(), Offers.Receive().Replace("a=group:BUNDLE 0 1\r\n", "", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.Receive().Replace("a=rtcp-mux\r\n", "", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.Receive().Replace("a=ice-pwd", "a=no", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.Receive().Replace("a=fingerprint:sha-256", "a=fingerprint:md5", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.Receive().Replace("UDP/TLS/RTP/SAVPF", "RTP/AVP", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.Receive().Replace("a=mid", "a=no", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.UnknownCodec().Replace("sendonly", "recvonly", StringComparison.Ordinal).Replace("opus", "speex", StringComparison.Ordinal) },
        { Offers.Publish(), Offers.DataOnly() },
    };

    [Theory]
    [MemberData(nameof(Uncarried))]
    public async Task An_offer_of_another_shape_is_countered(string publication, string offer)
    {
        Session published = await server.Publish(publication);
        using HttpResponseMessage response = await Post(published.Room, offer);

        Assert.Equal(406, (int)response.StatusCode);
        Assert.Equal("application/sdp", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(204, (int)(await Answer(response.Headers.Location!.ToString(), Offers.Answer())).StatusCode);
    }

    /// <summary>Whoever has no section for the camera has not asked for it.</summary>
    [Fact]
    public async Task An_offer_that_carries_a_part_is_answered()
    {
        Session published = await server.Publish();

        Assert.Single((await server.Watch(published.Room, offer: Offers.AudioOnly("recvonly"))).Sections);
    }

    /// <summary>"If the HTTP POST ... has a content type different than application/sdp or the SDP is malformed, the WHEP endpoint MUST reject the
    /// HTTP POST request with an appropriate 4XX error response": an empty body does not ask for an offer.</summary>
    [Theory]
    [InlineData("", "application/sdp", 400)]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 111", "application/sdp", 400)]
    [InlineData("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\nm=audio nine UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n", "application/sdp", 422)]
    [InlineData("{}", "application/json", 415)]
    public async Task What_is_no_offer_is_not_countered(string body, string type, int expected)
    {
        Session published = await server.Publish();
        using HttpResponseMessage response =
            await server.Post($"/whep/{published.Room}/alice", MediaServer.Token(published.Room, "victor"), body, type);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    private Task<HttpResponseMessage> Post(string room, string offer) =>
        server.Post($"/whep/{room}/alice", MediaServer.Token(room, "victor"), offer);

    private Task<HttpResponseMessage> Answer(string url, string sdp) => server.Patch(url, sdp, null, "application/sdp");

    private async Task<string> Countered()
    {
        Session published = await server.Publish();
        using HttpResponseMessage response = await Post(published.Room, Offers.ReceiveH264());
        Assert.Equal(406, (int)response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    [GeneratedRegex("\r\na=msid:([^ ]+) ")]
    private static partial Regex Stream();
}

using System.Net;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.TestKit;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Tests.Negotiation;

public sealed class SessionNegotiatorTests
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();
    private uint _ssrc = 1_000;

    [Fact]
    public void What_the_client_publishes_becomes_receive_sections_with_its_sources()
    {
        string offer = Vectors.ReadText("sdp/chromium-publish.sdp");

        NegotiationOutcome outcome = Negotiate(NewNegotiator(), offer, new Dictionary<string, string> { ["0"] = "TR_a", ["1"] = "TR_v" });

        Assert.Equal(["TR_a", "TR_v"], outcome.Plan!.Receive.Select(r => r.TrackSid));
        ReceiveSection video = outcome.Plan.Receive[1];
        SourceBinding source = Assert.Single(video.Ssrcs);
        Assert.NotEqual(0u, source.RtxSsrc);
        Assert.Equal(CodecName.Vp8, video.Codecs[0].Codec);
        Assert.NotEqual(0, video.Codecs[0].RtxPayloadType);
        Assert.Equal(
            RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.CcmFir | RtcpFeedback.TransportCc, video.Codecs[0].Feedback);
        Assert.NotEqual(0, video.Extensions.TransportCc);
        Assert.Equal(DtlsRole.Server, outcome.Plan.LocalRole);
        Assert.Equal([("TR_a", "audio/opus"), ("TR_v", "video/VP8")], outcome.PublishedCodecs.Select(c => (c.TrackSid, c.MimeType)));
    }

    [Fact]
    public void Video_that_we_receive_starts_at_a_megabit_and_nothing_else_does()
    {
        string answer = Negotiate(
            NewNegotiator(), Vectors.ReadText("sdp/chromium-publish.sdp"), new Dictionary<string, string> { ["0"] = "TR_a", ["1"] = "TR_v" }).AnswerSdp;
        string receiving = Negotiate(NewNegotiator(), Vectors.ReadText("sdp/chromium-receive.sdp"), Nothing, Video("TR_x")).AnswerSdp;

        SessionDescription parsed = Parse(answer);
        Assert.DoesNotContain("x-google", string.Concat(parsed.Media[0].Parameters.Values), StringComparison.Ordinal);
        Assert.All(
            parsed.Media[1].RtpMaps.Values.Where(m => m.Encoding != "rtx"),
            m => Assert.EndsWith("x-google-start-bitrate=1000", parsed.Media[1].Parameters[m.PayloadType], StringComparison.Ordinal));
        Assert.DoesNotContain("x-google", receiving, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_channel_section_is_rejected_and_left_out_of_the_bundle()
    {
        NegotiationOutcome outcome = Negotiate(
            NewNegotiator(), Vectors.ReadText("sdp/chromium-publish.sdp"), new Dictionary<string, string> { ["0"] = "TR_a" });

        SessionDescription answer = Parse(outcome.AnswerSdp);
        Assert.True(answer.Media[2].IsRejected);
        Assert.Equal(["0", "1"], answer.Bundle);
        Assert.True(answer.IsIceLite);
    }

    [Fact]
    public void A_section_without_a_published_track_is_answered_inactive()
    {
        NegotiationOutcome outcome = Negotiate(
            NewNegotiator(), Vectors.ReadText("sdp/firefox-publish.sdp"), new Dictionary<string, string> { ["0"] = "TR_a" });

        SessionDescription answer = Parse(outcome.AnswerSdp);
        Assert.Equal(MediaDirection.RecvOnly, answer.Media[0].Direction);
        Assert.Equal(MediaDirection.Inactive, answer.Media[1].Direction);
        Assert.Equal("TR_a", Assert.Single(outcome.Plan!.Receive).TrackSid);
    }

    [Theory]
    [InlineData("sdp/chromium-receive.sdp")]
    [InlineData("sdp/firefox-receive.sdp")]
    public void Wanted_tracks_take_free_sections_and_the_rest_are_missing(string path)
    {
        NegotiationOutcome outcome = Negotiate(
            NewNegotiator(), Vectors.ReadText(path), Nothing, Audio("TR_1"), Video("TR_2"), Video("TR_3"), Video("TR_4"), Video("TR_5"));

        Assert.Equal(0, outcome.MissingAudioSections);
        Assert.Equal(1, outcome.MissingVideoSections);
        Assert.Equal(
            [("0", "TR_1"), ("3", "TR_2"), ("4", "TR_3"), ("5", "TR_4")],
            outcome.MidToTrack.Select(p => (p.Key, p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal));
        Assert.Equal(7, outcome.Plan!.Send.SelectMany(s => new[] { s.Ssrc, s.RtxSsrc }).Where(s => s != 0).Distinct().Count());
    }

    [Fact]
    public void A_track_keeps_its_section_and_sources_when_others_go_and_come()
    {
        SessionNegotiator negotiator = NewNegotiator();
        string offer = Vectors.ReadText("sdp/chromium-receive.sdp");
        NegotiationOutcome first = Negotiate(negotiator, offer, Nothing, Video("TR_1"), Video("TR_2"), Video("TR_3"));

        NegotiationOutcome second = Negotiate(negotiator, offer, Nothing, Video("TR_9"), Video("TR_3"), Video("TR_2"));

        Assert.Equal(first.MidToTrack.Single(p => p.Value == "TR_2").Key, second.MidToTrack.Single(p => p.Value == "TR_2").Key);
        Assert.Equal(first.Plan!.Send.Single(s => s.TrackSid == "TR_3"), second.Plan!.Send.Single(s => s.TrackSid == "TR_3"), SameSources);
        Assert.Equal(first.MidToTrack.Single(p => p.Value == "TR_1").Key, second.MidToTrack.Single(p => p.Value == "TR_9").Key);
        Assert.NotEqual(first.Plan.Send.Single(s => s.TrackSid == "TR_1").Ssrc, second.Plan.Send.Single(s => s.TrackSid == "TR_9").Ssrc);
    }

    [Theory]
    [InlineData("sdp/chromium-receive.sdp")]
    [InlineData("sdp/firefox-receive.sdp")]
    public void A_join_that_only_receives_keeps_transport_cc_for_what_is_published_later(string path)
    {
        SessionDescription answer = Parse(Negotiate(NewNegotiator(), Vectors.ReadText(path), Nothing).AnswerSdp);

        Assert.All(answer.Media, m => Assert.Contains(m.Extensions, e => e.Uri.EndsWith("transport-wide-cc-extensions-01", StringComparison.Ordinal)));
    }

    [Fact]
    public void New_remote_credentials_are_an_ice_restart_with_new_local_ones()
    {
        SessionNegotiator negotiator = NewNegotiator();
        string offer = Vectors.ReadText("sdp/chromium-receive.sdp");
        NegotiationOutcome first = Negotiate(negotiator, offer, Nothing);
        NegotiationOutcome same = Negotiate(negotiator, offer, Nothing);
        string restarted = offer.Replace($"a=ice-ufrag:{first.Plan!.RemoteUfrag}", "a=ice-ufrag:NEWU", StringComparison.Ordinal);

        NegotiationOutcome second = Negotiate(negotiator, restarted, Nothing);

        Assert.False(first.IceRestarted);
        Assert.False(same.IceRestarted);
        Assert.True(second.IceRestarted);
        Assert.NotEqual(first.LocalCredentials, second.LocalCredentials);
        Assert.Equal(second.LocalCredentials.Ufrag, Parse(second.AnswerSdp).Media[0].Transport.IceUfrag);
    }

    [Theory]
    [InlineData("sdp/chromium-simulcast.sdp")]
    [InlineData("sdp/firefox-simulcast.sdp")]
    public void Simulcast_layers_are_accepted(string path)
    {
        NegotiationOutcome outcome = Negotiate(NewNegotiator(), Vectors.ReadText(path), new Dictionary<string, string> { ["0"] = "TR_v" });

        Assert.Equal(["q", "h", "f"], Assert.Single(outcome.Plan!.Receive).Rids);
        Assert.Contains("a=simulcast:recv q;h;f\r\n", outcome.AnswerSdp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=rtcp-mux\r\n", "", "rtcp-mux")]
    [InlineData("a=group:BUNDLE 0 1 2 3 4 5", "a=group:BUNDLE 0 1", "BUNDLE")]
    [InlineData("a=mid:1\r\n", "a=mid:0\r\n", "mid")]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:md5", "fingerprint")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/AVP", "protocol")]
    public void An_offer_that_cannot_work_is_refused_and_changes_nothing(string remove, string put, string reason)
    {
        SessionNegotiator negotiator = NewNegotiator();
        string offer = Vectors.ReadText("sdp/chromium-receive.sdp");
        NegotiationOutcome before = Negotiate(negotiator, offer, Nothing, Video("TR_1"));

        NegotiationOutcome refused = negotiator.Negotiate(
            new NegotiationInput(2, offer.Replace(remove, put, StringComparison.Ordinal), Nothing, []));
        NegotiationOutcome after = Negotiate(negotiator, offer, Nothing, Video("TR_1"));

        Assert.Equal(NegotiationError.InvalidSdp, refused.Error!.Code);
        Assert.Contains(reason, refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(before.Plan!.Send[0].Ssrc, after.Plan!.Send[0].Ssrc);
    }

    [Theory]
    [InlineData("actpass", "passive", DtlsRole.Server)]
    [InlineData("active", "passive", DtlsRole.Server)]
    [InlineData("passive", "active", DtlsRole.Client)]
    public void A_later_offer_of_another_DTLS_role_is_refused_and_the_association_stays(string setup, string other, DtlsRole role)
    {
        SessionNegotiator negotiator = NewNegotiator();
        string offer = Vectors.ReadText("sdp/chromium-receive.sdp");
        NegotiationOutcome first = Negotiate(negotiator, WithSetup(offer, setup), Nothing, Video("TR_1"));

        AssertKept(negotiator, first, WithSetup(offer, other), "a=setup");

        Assert.Equal(role, first.Plan!.LocalRole);
        NegotiationOutcome usual = Negotiate(negotiator, WithSetup(offer, "actpass"), Nothing, Video("TR_1"));
        Assert.Equal(role, usual.Plan!.LocalRole);
        Assert.Equal(role == DtlsRole.Server ? "passive" : "active", Parse(usual.AnswerSdp).Media[0].Transport.Setup);
    }

    [Fact]
    public void A_later_offer_with_another_certificate_is_refused_and_the_association_stays()
    {
        SessionNegotiator negotiator = NewNegotiator();
        string offer = Vectors.ReadText("sdp/chromium-receive.sdp");
        NegotiationOutcome first = Negotiate(negotiator, offer, Nothing, Video("TR_1"));
        string fingerprint = first.Plan!.RemoteFingerprint.ToString();
        string another = "sha-256 " + string.Join(':', Enumerable.Repeat("CD", 32));

        AssertKept(negotiator, first, offer.Replace(fingerprint, another, StringComparison.Ordinal), "fingerprint has changed");

        string both = offer.Replace(
            $"a=fingerprint:{fingerprint}", $"a=fingerprint:{another}\r\na=fingerprint:{fingerprint}", StringComparison.Ordinal);
        Assert.Equal(first.Plan.RemoteFingerprint, Negotiate(negotiator, both, Nothing, Video("TR_1")).Plan!.RemoteFingerprint);
    }

    [Fact]
    public void A_source_of_ours_is_never_one_of_the_clients_and_never_used_twice()
    {
        Queue<uint> numbers = new([0, 3_735_928_559, 5, 6, 5, 6, 7, 8]);
        SessionNegotiator negotiator = NewNegotiator(numbers.Dequeue);
        string offer = Vectors.ReadText("sdp/chromium-receive.sdp")
            .Replace("a=mid:0\r\n", "a=mid:0\r\na=ssrc:3735928559 cname:c\r\n", StringComparison.Ordinal);

        NegotiationOutcome first = Negotiate(negotiator, offer, Nothing, Video("TR_1"));
        Negotiate(negotiator, offer, Nothing);
        NegotiationOutcome second = Negotiate(negotiator, offer, Nothing, Video("TR_1"));

        Assert.Equal((5u, 6u), (first.Plan!.Send[0].Ssrc, first.Plan.Send[0].RtxSsrc));
        Assert.Equal((7u, 8u), (second.Plan!.Send[0].Ssrc, second.Plan.Send[0].RtxSsrc));
        Assert.Equal("PA_1", first.Plan.Send[0].Cname);
        Assert.Contains("a=ssrc:5 cname:PA_1\r\n", first.AnswerSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void One_track_in_two_sections_is_refused()
    {
        NegotiationOutcome outcome = NewNegotiator().Negotiate(new NegotiationInput(
            1, Vectors.ReadText("sdp/chromium-publish.sdp"), new Dictionary<string, string> { ["0"] = "TR_a", ["1"] = "TR_a" }, []));

        Assert.Equal(NegotiationError.InvalidSdp, outcome.Error!.Code);
    }

    [Fact]
    public void No_mutation_of_a_real_offer_escapes_as_an_exception()
    {
        string offer = Vectors.ReadText("sdp/firefox-publish.sdp");
        const int Seed = 4711;
        var random = new Random(Seed);
        int answered = 0;
        for (int i = 0; i < 3_000; i++)
        {
            char[] text = offer.ToCharArray();
            for (int m = random.Next(1, 10); m > 0; m--)
            {
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            }

            NegotiationOutcome outcome = NewNegotiator().Negotiate(new NegotiationInput(
                1, new string(text), new Dictionary<string, string> { ["0"] = "TR_a", ["1"] = "TR_v" }, [Video("TR_x")]));
            answered += outcome.Error is null ? 1 : 0;
        }

        Assert.InRange(answered, 100, 2_900);
    }

    private static string WithSetup(string offer, string setup) =>
        offer.Replace("a=setup:actpass", $"a=setup:{setup}", StringComparison.Ordinal);

    // The refused offer also restarts ICE: nothing of it may be taken.
    private static void AssertKept(SessionNegotiator negotiator, NegotiationOutcome first, string changed, string reason)
    {
        NegotiationOutcome refused = negotiator.Negotiate(new NegotiationInput(
            2, changed.Replace($"a=ice-ufrag:{first.Plan!.RemoteUfrag}", "a=ice-ufrag:NEWU", StringComparison.Ordinal), Nothing, []));
        Assert.Equal(NegotiationError.InvalidSdp, refused.Error!.Code);
        Assert.Contains(reason, refused.Error.Message, StringComparison.Ordinal);
        Assert.EndsWith("a new peer connection needs a new transport", refused.Error.Message, StringComparison.Ordinal);
        Assert.Null(refused.Plan);
        Assert.Equal(first.LocalCredentials, negotiator.LocalCredentials);
    }

    private static readonly IEqualityComparer<SendSection> SameSources =
        EqualityComparer<SendSection>.Create((a, b) => (a!.Mid, a.Ssrc, a.RtxSsrc) == (b!.Mid, b.Ssrc, b.RtxSsrc));

    private static WantedTrack Audio(string sid) => new(sid, MediaKind.Audio, "PA_1");

    private static WantedTrack Video(string sid) => new(sid, MediaKind.Video, "PA_1");

    private static NegotiationOutcome Negotiate(
        SessionNegotiator negotiator, string offer, IReadOnlyDictionary<string, string> published, params WantedTrack[] wanted)
    {
        NegotiationOutcome outcome = negotiator.Negotiate(new NegotiationInput(1, offer, published, wanted));
        Assert.Null(outcome.Error);
        return outcome;
    }

    private static SessionDescription Parse(string text)
    {
        Assert.True(SdpParser.TryParse(text, out SessionDescription? session, out SdpError? error), error?.ToString());
        return session;
    }

    private SessionNegotiator NewNegotiator(Func<uint>? nextSsrc = null)
    {
        int restarts = 0;
        return new SessionNegotiator(new NegotiatorOptions
        {
            Credentials = new IceCredentials("abcd", "0123456789012345678901"),
            NextCredentials = () => new IceCredentials($"re{++restarts:D2}", "0123456789012345678901"),
            Fingerprint = "sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32)),
            Candidates = [TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 7882))],
            NextSsrc = nextSsrc ?? (() => ++_ssrc),
            Cname = "node",
            SessionId = 1,
        });
    }
}

using System.Net;
using System.Text.RegularExpressions;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Tests.Negotiation;

/// <summary>We offer first, and the client answers.</summary>
public sealed partial class CounterOfferTests
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();
    private static readonly WantedTrack Audio = new("audio", MediaKind.Audio, "PA_1");
    private static readonly WantedTrack Video = new("video", MediaKind.Video, "PA_1");
    private static readonly CodecBinding High =
        new(CodecName.H264, 120, 121, 90_000, 1, "packetization-mode=1;profile-level-id=640c1f", RtcpFeedback.Nack);

    private static readonly string Fingerprint = "sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32));
    private static readonly string Transport =
        $"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:{Fingerprint}\r\na=setup:actpass";

    private uint _ssrc = 1_000;

    [Fact]
    public void The_offer_is_an_initial_one_of_an_ice_lite_sender_with_max_bundle()
    {
        string text = Offered(NewNegotiator());
        SessionDescription offer = Parse(text);

        Assert.True(offer.IsIceLite);
        Assert.Equal(["0", "1"], offer.Bundle);
        Assert.Equal([("audio", 9, false), ("video", 0, true)], offer.Media.Select(m => (m.Kind, m.Port, m.BundleOnly)));
        Assert.All(offer.Media, m => Assert.Equal((MediaDirection.SendOnly, true), (m.Direction, m.RtcpMux)));
        Assert.Equal(("actpass", Fingerprint), (offer.Transport.Setup, Assert.Single(offer.Transport.Fingerprints)));
        Assert.Equal("abcd", offer.Media[0].Transport.IceUfrag);
        Assert.Null(offer.Media[1].Transport.IceUfrag);
        Assert.All(offer.Media, m => Assert.Empty(m.Transport.Fingerprints));
        Assert.Equal(2, text.Split("a=rtcp-mux-only\r\n").Length - 1);
        Assert.Contains("a=ice-options:trickle ice2\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=candidate:1 1 udp ", text, StringComparison.Ordinal);
        Assert.All(offer.Media, m => Assert.Empty(m.Rids));
        Assert.Single(Stream().Matches(text).Select(match => match.Groups[1].Value).Distinct());
    }

    [Fact]
    public void What_is_published_comes_first_with_a_profile_that_carries_it()
    {
        MediaDescription video = Parse(Offered(NewNegotiator(), High)).Media[1];

        Assert.Equal("H264", video.RtpMaps[int.Parse(video.Formats[0], null)].Encoding);
        Assert.Equal(High.Parameters, video.Parameters[int.Parse(video.Formats[0], null)]);
        Assert.Equal(["H264", "VP8", "VP9", "AV1"], video.Formats.Select(f => video.RtpMaps[int.Parse(f, null)].Encoding).Where(e => e != "rtx"));
    }

    [Theory]
    [InlineData("active", DtlsRole.Server)]
    [InlineData("passive", DtlsRole.Client)]
    public void The_answer_settles_roles_codecs_and_extensions_and_keeps_the_sources_of_the_offer(string setup, DtlsRole expected)
    {
        SessionNegotiator negotiator = NewNegotiator();
        string offer = Offered(negotiator);
        NegotiationOutcome outcome = negotiator.Negotiate(Input(Answer(offer, setup, "96 97")));

        Assert.Null(outcome.Error);
        Assert.Empty(outcome.AnswerSdp);
        Assert.Equal(expected, outcome.Plan!.LocalRole);
        Assert.Equal("EsAw", outcome.Plan.RemoteUfrag);
        Assert.Equal(["audio", "video"], outcome.Plan.Send.Select(s => s.TrackSid));
        Assert.Equal(Parse(offer).Media.Select(m => m.Ssrcs[0]), outcome.Plan.Send.Select(s => s.Ssrc));
        CodecBinding video = Assert.Single(outcome.Plan.Send[1].Codecs);
        Assert.Equal((CodecName.Vp8, (byte)96, (byte)97), (video.Codec, video.PayloadType, video.RtxPayloadType));
        Assert.Equal(RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.CcmFir | RtcpFeedback.GoogRemb, video.Feedback);
        Assert.Equal(Parse(offer).Media[1].Extensions.Single(e => e.Uri.EndsWith(":mid", StringComparison.Ordinal)).Id, outcome.Plan.Send[1].Extensions.Mid);
    }

    [Fact]
    public void An_answer_without_the_published_codec_does_not_carry_it()
    {
        SessionNegotiator negotiator = NewNegotiator();
        string answer = Answer(Offered(negotiator, High), "active", "96 97");
        NegotiationProposal proposal = negotiator.Propose(Input(answer));

        Assert.True(proposal.Sends("video"));
        Assert.False(proposal.Carries("video", High));
        Assert.True(proposal.Carries("video", High with { Codec = CodecName.Vp8, Parameters = "" }));
    }

    [Fact]
    public void A_refused_answer_changes_nothing_and_a_good_one_may_follow()
    {
        SessionNegotiator negotiator = NewNegotiator();
        string good = Answer(Offered(negotiator), "active", "96 97");
        (string Broken, string Why)[] answers =
        [
            (good.Replace("a=recvonly", "a=sendrecv", StringComparison.Ordinal), "is not recvonly"),
            (good.Replace("a=recvonly", "a=inactive", StringComparison.Ordinal), "is not recvonly"),
            (good.Replace("a=setup:active", "a=setup:actpass", StringComparison.Ordinal), "a=setup"),
            (good.Replace("a=mid:1", "a=mid:7", StringComparison.Ordinal), "in their order"),
            (good[..good.IndexOf("m=video", StringComparison.Ordinal)], "in their order"),
            (good.Replace("a=ice-pwd", "a=ice-no", StringComparison.Ordinal), "ICE credentials"),
            (good.Replace("a=fingerprint", "a=no", StringComparison.Ordinal), "fingerprint"),
            ("v=0\r\nnonsense", "expected"),
        ];
        foreach ((string broken, string why) in answers)
        {
            NegotiationError error = negotiator.Negotiate(Input(broken)).Error!;
            Assert.Equal(NegotiationError.InvalidSdp, error.Code);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }

        Assert.Null(negotiator.Negotiate(Input(good)).Error);
        Assert.Equal(NegotiationError.NotOffered, negotiator.Negotiate(Input(good)).Error!.Code);
        Assert.Throws<InvalidOperationException>(() => Offered(negotiator));
    }

    [Fact]
    public void A_section_may_be_refused_and_the_rest_is_sent()
    {
        SessionNegotiator negotiator = NewNegotiator();
        string answer = Answer(Offered(negotiator), "active", "96 97")
            .Replace("m=audio 9", "m=audio 0", StringComparison.Ordinal).Replace("BUNDLE 0 1", "BUNDLE 1", StringComparison.Ordinal);
        NegotiationOutcome outcome = negotiator.Negotiate(Input(answer));

        Assert.Null(outcome.Error);
        Assert.Equal(["video"], outcome.Plan!.Send.Select(s => s.TrackSid));
    }

    [Fact]
    public void An_ice_restart_after_it_has_the_ice_options_of_the_offer()
    {
        SessionNegotiator negotiator = NewNegotiator();
        negotiator.Negotiate(Input(Answer(Offered(negotiator), "active", "96 97")));
        IceRestartOutcome restarted = negotiator.RestartIce("ysXw", "vw5LmwG4y/e6dPP/zAP9Gp5k");

        Assert.StartsWith("a=ice-lite\r\na=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\n", restarted.SdpFragment, StringComparison.Ordinal);
    }

    [Fact]
    public void No_mutation_of_an_answer_escapes_as_an_exception()
    {
        const int Seed = 4712;
        var random = new Random(Seed);
        int taken = 0;
        for (int i = 0; i < 1_000; i++)
        {
            SessionNegotiator negotiator = NewNegotiator();
            char[] text = Answer(Offered(negotiator), "active", "96 97").ToCharArray();
            for (int m = random.Next(1, 6); m > 0; m--)
            {
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            }

            taken += negotiator.Negotiate(Input(new string(text))).Error is null ? 1 : 0;
        }

        Assert.InRange(taken, 50, 950);
    }

    private static string Offered(SessionNegotiator negotiator, CodecBinding? video = null) =>
        negotiator.Offer([new OfferedTrack(Audio, null), new OfferedTrack(Video, video)]);

    private static NegotiationInput Input(string answer) => new(1, answer, Nothing, [Audio, Video]) { IsAnswer = true };

    /// <summary>As a browser answers: its own transport, every section bundled, no sources, the first video format that it knows.</summary>
    private static string Answer(string offer, string setup, string videoFormats)
    {
        IEnumerable<string> lines = offer.Split("\r\n")
            .Where(line => !line.StartsWith("a=ssrc", StringComparison.Ordinal) && !line.StartsWith("a=msid", StringComparison.Ordinal)
                && !line.StartsWith("a=candidate", StringComparison.Ordinal) && line != "a=ice-lite")
            .Select(line => line.StartsWith("m=video", StringComparison.Ordinal) ? $"m=video 9 UDP/TLS/RTP/SAVPF {videoFormats}" : line);
        return string.Join("\r\n", lines)
            .Replace("a=bundle-only", Transport, StringComparison.Ordinal)
            .Replace("a=sendonly", "a=recvonly", StringComparison.Ordinal)
            .Replace("a=setup:actpass", $"a=setup:{setup}", StringComparison.Ordinal)
            .Replace("a=ice-ufrag:abcd", "a=ice-ufrag:EsAw", StringComparison.Ordinal);
    }

    private static SessionDescription Parse(string text)
    {
        Assert.True(SdpParser.TryParse(text, out SessionDescription? session, out SdpError? error), error?.ToString());
        return session;
    }

    private SessionNegotiator NewNegotiator() => new(new NegotiatorOptions
    {
        Credentials = new IceCredentials("abcd", "0123456789012345678901"),
        NextCredentials = () => new IceCredentials("re01", "0123456789012345678901"),
        Fingerprint = Fingerprint,
        Candidates = [TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 7882))],
        NextSsrc = () => ++_ssrc,
        Cname = "node",
        SessionId = 1,
    });

    [GeneratedRegex("\r\na=msid:([^ ]+) ")]
    private static partial Regex Stream();
}

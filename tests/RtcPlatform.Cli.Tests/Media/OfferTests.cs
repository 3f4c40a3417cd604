using System.Net;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Cli.Tests.Media;

public sealed class OfferTests
{
    private static readonly string Fingerprint = "sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32));

    private uint _ssrc = 1000;

    [Fact]
    public void Published_sections_are_taken_with_their_sources_and_codecs()
    {
        NegotiationOutcome outcome = Negotiate(
            [new OfferSection("0", MediaKind.Audio, "TR_a", 11, 0), new OfferSection("1", MediaKind.Video, "TR_v", 21, 22)],
            new Dictionary<string, string> { ["0"] = "TR_a", ["1"] = "TR_v" },
            []);

        ReceiveSection video = outcome.Plan!.Receive[1];
        Assert.Equal(new SourceBinding(21, 22), Assert.Single(video.Ssrcs));
        Assert.Equal((CodecName.Vp8, OfferFormat.Vp8, OfferFormat.Vp8Rtx), (video.Codecs[0].Codec, video.Codecs[0].PayloadType, video.Codecs[0].RtxPayloadType));
        Assert.Equal(CodecName.Opus, outcome.Plan.Receive[0].Codecs[0].Codec);

        Assert.True(ServerDescription.TryRead(outcome.AnswerSdp, out ServerDescription? answer, out _));
        Assert.Equal(("srvufrag", "passive"), (answer.Ufrag, answer.Setup));
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:7882"), answer.Candidate.ToIPEndPoint());
        Assert.All(answer.Sections, static s => Assert.Equal(MediaDirection.RecvOnly, s.Direction));
        Assert.Equal((OfferFormat.TransportCcId, OfferFormat.AudioLevelId, OfferFormat.MidId), (answer.Sections[0].TransportCcId, answer.Sections[0].AudioLevelId, answer.Sections[0].MidId));
    }

    [Fact]
    public void Sources_of_received_tracks_are_read_from_the_answer()
    {
        NegotiationOutcome outcome = Negotiate(
            [new OfferSection("0", MediaKind.Audio, null, 0, 0), new OfferSection("1", MediaKind.Video, null, 0, 0)],
            new Dictionary<string, string>(),
            [new WantedTrack("TR_x", MediaKind.Video, "PA_x"), new WantedTrack("TR_y", MediaKind.Video, "PA_x")]);

        Assert.Equal((0, 1), (outcome.MissingAudioSections, outcome.MissingVideoSections));
        Assert.Equal("TR_x", outcome.MidToTrack["1"]);
        Assert.True(ServerDescription.TryRead(outcome.AnswerSdp, out ServerDescription? answer, out _));
        SendSection sent = Assert.Single(outcome.Plan!.Send);
        Assert.Equal((sent.Ssrc, sent.RtxSsrc), (answer.Sections[1].Ssrc, answer.Sections[1].RtxSsrc));
        Assert.Equal(MediaDirection.SendOnly, answer.Sections[1].Direction);
        Assert.Equal(MediaDirection.Inactive, answer.Sections[0].Direction);
    }

    [Theory]
    [InlineData("a=candidate", "no UDP candidate")]
    [InlineData("a=ice-pwd", "no ICE credentials")]
    [InlineData("a=fingerprint", "no usable fingerprint")]
    public void Answer_that_lacks_something_is_refused_by_name(string line, string fault)
    {
        NegotiationOutcome outcome = Negotiate(
            [new OfferSection("0", MediaKind.Audio, "TR_a", 11, 0)], new Dictionary<string, string> { ["0"] = "TR_a" }, []);
        string damaged = string.Join(
            "\r\n", outcome.AnswerSdp.Split("\r\n").Where(l => !l.StartsWith(line, StringComparison.Ordinal)));

        Assert.False(ServerDescription.TryRead(damaged, out _, out string? told));
        Assert.Contains(fault, told, StringComparison.Ordinal);
    }

    private NegotiationOutcome Negotiate(
        IReadOnlyList<OfferSection> sections, IReadOnlyDictionary<string, string> published, IReadOnlyList<WantedTrack> wanted)
    {
        var negotiator = new SessionNegotiator(new NegotiatorOptions
        {
            Credentials = new IceCredentials("srvufrag", "srvpasswordsrvpassword00"),
            NextCredentials = static () => new IceCredentials("othr", "otherpasswordotherpass00"),
            Fingerprint = Fingerprint,
            Candidates = [TransportAddress.From(IPEndPoint.Parse("127.0.0.1:7882"))],
            NextSsrc = () => _ssrc++,
            Cname = "node",
            SessionId = 1,
        });
        string offer = new OfferWriter(7, "clufrag1", "clientpasswordclientpass", Fingerprint, "me").Write(sections);
        NegotiationOutcome outcome = negotiator.Negotiate(new NegotiationInput(1, offer, published, wanted));
        Assert.Null(outcome.Error);
        return outcome;
    }
}

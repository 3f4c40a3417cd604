using System.Net;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.TestKit;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Tests.Negotiation;

/// <summary>Offers of clients that are no browsers (<c>tests/vectors/sdp/SOURCE.md</c>): each gets both of its sections.</summary>
public sealed class ForeignOfferTests
{
    private uint _ssrc = 1_000;

    [Theory]
    [InlineData("aiortc", CodecName.Vp8)]
    [InlineData("gstreamer", CodecName.Vp8)]
    [InlineData("libdatachannel", CodecName.H264)]
    [InlineData("simple-whip-client", CodecName.Vp8)]
    [InlineData("werift", CodecName.Vp8)]
    public void Who_publishes_is_received(string client, CodecName expected)
    {
        SessionDescription offer = Parse(Vectors.ReadText($"sdp/{client}-publish.sdp"));

        NegotiationOutcome outcome = Negotiate(client + "-publish", offer.Media.ToDictionary(m => m.Mid!, m => "TR_" + m.Kind));

        Assert.Equal(["TR_audio", "TR_video"], outcome.Plan!.Receive.Select(r => r.TrackSid).Order());
        ReceiveSection video = outcome.Plan.Receive.Single(r => r.TrackSid == "TR_video");
        Assert.Equal(expected, video.Codecs[0].Codec);
        Assert.True(video.Codecs[0].Feedback.HasFlag(RtcpFeedback.NackPli));
        SessionDescription answer = Parse(outcome.AnswerSdp);
        Assert.Equal(offer.Bundle, answer.Bundle);
        Assert.Equal(offer.Media.Select(m => (m.Mid, m.Kind)), answer.Media.Select(m => (m.Mid, m.Kind)));
        Assert.All(answer.Media, m => Assert.Equal(MediaDirection.RecvOnly, m.Direction));
    }

    [Theory]
    [InlineData("aiortc")]
    [InlineData("eyevinn")]
    [InlineData("gstreamer")]
    [InlineData("libdatachannel")]
    [InlineData("werift")]
    public void Who_watches_is_sent_to(string client)
    {
        NegotiationOutcome outcome = Negotiate(
            client + "-receive",
            new Dictionary<string, string>(),
            new WantedTrack("audio", MediaKind.Audio, "PA_1"),
            new WantedTrack("video", MediaKind.Video, "PA_1"));

        Assert.Equal(["audio", "video"], outcome.Plan!.Send.Select(s => s.TrackSid).Order());
        Assert.All(Parse(outcome.AnswerSdp).Media, m => Assert.Equal(MediaDirection.SendOnly, m.Direction));
    }

    private NegotiationOutcome Negotiate(string file, IReadOnlyDictionary<string, string> published, params WantedTrack[] wanted)
    {
        NegotiationOutcome outcome = NewNegotiator().Negotiate(new NegotiationInput(1, Vectors.ReadText($"sdp/{file}.sdp"), published, wanted));
        Assert.Null(outcome.Error);
        return outcome;
    }

    private static SessionDescription Parse(string text)
    {
        Assert.True(SdpParser.TryParse(text, out SessionDescription? session, out SdpError? error), error?.ToString());
        return session;
    }

    private SessionNegotiator NewNegotiator() => new(new NegotiatorOptions
    {
        Credentials = new IceCredentials("abcd", "0123456789012345678901"),
        NextCredentials = () => new IceCredentials("efgh", "0123456789012345678901"),
        Fingerprint = "sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32)),
        Candidates = [TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 7882))],
        NextSsrc = () => ++_ssrc,
        Cname = "node",
        SessionId = 1,
    });
}

using RtcPlatform.TestKit;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Wire.Tests.Sdp;

public sealed class SdpParserTests
{
    private const string Head = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    [Fact]
    public void Chromium_publish_offer_is_read_whole()
    {
        SessionDescription offer = Parse(Vectors.ReadText("sdp/chromium-publish.sdp"));

        Assert.Equal(["0", "1", "2"], offer.Bundle);
        Assert.True(offer.AllowMixedExtensions);
        Assert.Equal(["audio", "video", "application"], offer.Media.Select(m => m.Kind));
        MediaDescription video = offer.Media[1];
        Assert.Equal(MediaDirection.SendOnly, video.Direction);
        Assert.Equal("VP8", video.RtpMaps[96].Encoding);
        Assert.Equal("apt=96", video.Parameters[97]);
        Assert.Contains(new FeedbackLine(96, "nack pli"), video.Feedback);
        Assert.Equal(2, video.Ssrcs.Count);
        Assert.Equal("FID", Assert.Single(video.SsrcGroups).Semantics);
        Assert.Equal(video.Ssrcs, video.SsrcGroups[0].Ssrcs);
        Assert.Equal("actpass", video.Transport.Setup);
        Assert.StartsWith("sha-256 ", Assert.Single(video.Transport.Fingerprints), StringComparison.Ordinal);
    }

    [Fact]
    public void Firefox_keeps_its_fingerprint_at_session_level_and_directions_on_extensions()
    {
        SessionDescription offer = Parse(Vectors.ReadText("sdp/firefox-publish.sdp"));

        Assert.Single(offer.Transport.Fingerprints);
        Assert.Empty(offer.Media[0].Transport.Fingerprints);
        ExtensionMap playout = Assert.Single(offer.Media[1].Extensions, e => e.Uri.EndsWith("playout-delay", StringComparison.Ordinal));
        Assert.Equal(MediaDirection.RecvOnly, playout.Direction);
    }

    [Theory]
    [InlineData("sdp/chromium-simulcast.sdp")]
    [InlineData("sdp/firefox-simulcast.sdp")]
    public void Simulcast_layers_are_read(string path)
    {
        MediaDescription video = Assert.Single(Parse(Vectors.ReadText(path)).Media);

        Assert.Equal(["q", "h", "f"], video.SimulcastSend);
        Assert.Equal(["q", "h", "f"], video.Rids.Where(r => r.Direction == "send").Select(r => r.Id));
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("hello", 1, "expected <letter>=")]
    [InlineData("v=1\r\n", 1, "v=0")]
    [InlineData("v=0\r\ns=-\r\n", 2, "o=")]
    [InlineData("v=0\r\no=- 1 2\r\n", 2, "six fields")]
    [InlineData(Head + "m=audio\r\n", 5, "m= needs")]
    [InlineData(Head + "m=audio 70000 UDP/TLS/RTP/SAVPF 0\r\n", 5, "port")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=rtpmap:128 opus/48000\r\n", 6, "rtpmap")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=rtpmap:111 opus/0/2\r\n", 6, "rtpmap")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=extmap:0 urn:x\r\n", 6, "extmap")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=extmap:3/sideways urn:x\r\n", 6, "extmap")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:a b\r\n", 6, "mid")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-pwd:short\r\n", 6, "ice-pwd")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:maybe\r\n", 6, "setup")]
    [InlineData(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ssrc:99999999999 cname:x\r\n", 6, "ssrc")]
    public void Malformed_lines_are_refused_with_their_number(string text, int line, string reason)
    {
        Assert.False(SdpParser.TryParse(text, out SessionDescription? session, out SdpError? error));

        Assert.Null(session);
        Assert.Equal(line, error.Line);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_over_the_limit_is_refused()
    {
        Assert.False(SdpParser.TryParse(new string('a', SdpParser.MaxLength + 1), out _, out SdpError? error));
        Assert.Contains("characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_mutation_of_a_real_offer_escapes_as_an_exception()
    {
        string[] offers =
        [
            Vectors.ReadText("sdp/chromium-publish.sdp"),
            Vectors.ReadText("sdp/firefox-publish.sdp"),
            Vectors.ReadText("sdp/chromium-simulcast.sdp"),
        ];
        const int Seed = 20261;
        var random = new Random(Seed);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++)
        {
            char[] text = offers[i % offers.Length].ToCharArray();
            for (int m = random.Next(1, 6); m > 0; m--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, 256);
            }

            int length = random.Next(4) == 0 ? random.Next(text.Length) : text.Length;
            accepted += SdpParser.TryParse(new string(text, 0, length), out _, out _) ? 1 : 0;
        }

        // Most one-letter changes hit lines that are passed over: both outcomes must occur, or the test proves nothing.
        Assert.InRange(accepted, 1_000, 9_500);
    }

    private static SessionDescription Parse(string text)
    {
        Assert.True(SdpParser.TryParse(text, out SessionDescription? session, out SdpError? error), error?.ToString());
        return session;
    }
}

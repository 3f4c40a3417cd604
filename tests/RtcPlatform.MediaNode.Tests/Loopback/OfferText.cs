using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>Offers of a client that publishes or receives Opus and VP8 with retransmission.</summary>
internal sealed class OfferText(string fingerprint)
{
    private const string MidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string RidUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    private const string AudioLevelUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    public const byte Opus = 111;
    public const byte Vp8 = 96;
    public const byte Rtx = 97;
    public const uint AudioSsrc = 1_111;
    public const uint VideoSsrc = 2_222;
    public const uint VideoRtxSsrc = 2_223;

    public const byte MidId = 4;
    public const byte RidId = 5;
    public const byte PublishedLevelId = 1;
    public const byte ReceivedLevelId = 9;
    public const uint SecondVideoSsrc = 3_333;

    /// <summary>Simulcast layers as they are offered, lowest first.</summary>
    public static readonly string[] Rids = ["q", "h", "f"];

    /// <summary>The client's ICE credentials; changed ones are a restart.</summary>
    public string Ufrag { get; set; } = RandomNumberGenerator.GetHexString(8, lowercase: true);

    public string Password { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Sections 0 (audio) and 1 (video), sent.</summary>
    public string Publish() => Session(
        Audio("0", "sendonly") + $"a=ssrc:{AudioSsrc} cname:c\r\n",
        Video("1", "sendonly")
            + $"a=ssrc-group:FID {VideoSsrc} {VideoRtxSsrc}\r\na=ssrc:{VideoSsrc} cname:c\r\na=ssrc:{VideoRtxSsrc} cname:c\r\n");

    /// <summary>Sections 0 (audio) and 1 (video), received.</summary>
    public string Receive() => Session(Audio("0", "recvonly", ReceivedLevelId), Video("1", "recvonly"));

    /// <summary>As <see cref="Publish"/> with another video in section 2, in this direction.</summary>
    public string PublishMore(string direction) => Session(
        Audio("0", "sendonly") + $"a=ssrc:{AudioSsrc} cname:c\r\n",
        Video("1", "sendonly")
            + $"a=ssrc-group:FID {VideoSsrc} {VideoRtxSsrc}\r\na=ssrc:{VideoSsrc} cname:c\r\na=ssrc:{VideoRtxSsrc} cname:c\r\n",
        Video("2", direction) + (direction == "sendonly" ? $"a=ssrc:{SecondVideoSsrc} cname:c\r\n" : ""));

    /// <summary>As <see cref="Receive"/> with room for another video in section 2.</summary>
    public string ReceiveMore() => Session(Audio("0", "recvonly", ReceivedLevelId), Video("1", "recvonly"), Video("2", "recvonly"));

    /// <summary>Audio in section 0, and a video in section 1 whose three layers are told apart by their RIDs.</summary>
    public string PublishSimulcast() => Session(
        Audio("0", "sendonly") + $"a=ssrc:{AudioSsrc} cname:c\r\n",
        Video("1", "sendonly") + $"a=extmap:{RidId} {RidUri}\r\n"
            + string.Concat(Rids.Select(static rid => $"a=rid:{rid} send\r\n")) + $"a=simulcast:send {string.Join(';', Rids)}\r\n");

    private string Session(params string[] sections)
    {
        var text = new StringBuilder("v=0\r\no=- 42 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        text.Append(CultureInfo.InvariantCulture, $"a=group:BUNDLE {string.Join(' ', Enumerable.Range(0, sections.Length))}\r\n");
        foreach (string section in sections)
        {
            text.Append(section);
        }

        return text.ToString();
    }

    private string Audio(string mid, string direction, byte levelId = PublishedLevelId) =>
        $"m=audio 9 UDP/TLS/RTP/SAVPF {Opus}\r\n{Transport(mid, direction)}"
        + $"a=rtpmap:{Opus} opus/48000/2\r\na=fmtp:{Opus} minptime=10;useinbandfec=1\r\n"
        + $"a=extmap:{levelId} {AudioLevelUri}\r\n";

    private string Video(string mid, string direction) =>
        $"m=video 9 UDP/TLS/RTP/SAVPF {Vp8} {Rtx}\r\n{Transport(mid, direction)}"
        + $"a=rtpmap:{Vp8} VP8/90000\r\na=rtcp-fb:{Vp8} nack\r\na=rtcp-fb:{Vp8} nack pli\r\na=rtcp-fb:{Vp8} ccm fir\r\n"
        + $"a=rtcp-fb:{Vp8} transport-cc\r\na=rtpmap:{Rtx} rtx/90000\r\na=fmtp:{Rtx} apt={Vp8}\r\n";

    private string Transport(string mid, string direction) =>
        "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
        + $"a=ice-ufrag:{Ufrag}\r\na=ice-pwd:{Password}\r\na=fingerprint:{fingerprint}\r\na=setup:actpass\r\n"
        + $"a=mid:{mid}\r\na=extmap:{MidId} {MidUri}\r\na={direction}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n";
}

/// <summary>What a client reads from an answer.</summary>
internal sealed partial class AnswerText(string sdp)
{
    public string Ufrag => Value("ice-ufrag");

    public string Password => Value("ice-pwd");

    public string Fingerprint => Value("fingerprint");

    public IPEndPoint Candidate
    {
        get
        {
            Match match = CandidateLine().Match(sdp);
            return new IPEndPoint(IPAddress.Parse(match.Groups[1].Value), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The sources announced in the section with this mid.</summary>
    public uint[] Ssrcs(string mid)
    {
        string section = sdp.Split("m=").Single(text => text.Contains($"a=mid:{mid}\r\n", StringComparison.Ordinal));
        return [.. SsrcLine().Matches(section).Select(match => uint.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct()];
    }

    private string Value(string name) => Regex.Match(sdp, $@"a={name}:(.*?)\r\n", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

    [GeneratedRegex(@"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host")]
    private static partial Regex CandidateLine();

    [GeneratedRegex(@"a=ssrc:(\d+) ")]
    private static partial Regex SsrcLine();
}

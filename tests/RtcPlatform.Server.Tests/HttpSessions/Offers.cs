using System.Text;

namespace RtcPlatform.Server.Tests.HttpSessions;

/// <summary>Offers of WHIP and WHEP clients.</summary>
internal static class Offers
{
    public const string Ufrag = "EsAw";
    public const string Password = "bP+XJMM09aR8AiX1jdukzR6Y";

    private const string Fingerprint =
        "sha-256 DA:7B:57:DC:28:CE:04:4F:31:79:85:C4:31:67:EB:27:58:29:ED:77:2A:0D:24:AE:ED:AD:30:BC:BD:F1:9C:02";

    private const string Opus = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
    private const string Vp8 = "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";

    /// <summary>Audio and video, as RFC 9725 has it in section 4.2.</summary>
    public static string Publish(string direction = "sendonly", string setup = "actpass", string extra = "") =>
        Head("0 1") + Section("audio", "0", "111", direction, setup, Opus) + Section("video", "1", "96 97", direction, setup, Vp8 + extra);

    public static string Receive(string direction = "recvonly") => Publish(direction);

    /// <summary>A player that knows H.264 alone.</summary>
    public static string ReceiveH264() => Head("0 1") + Section("audio", "0", "111", "recvonly", "actpass", Opus)
        + Section("video", "1", "102", "recvonly", "actpass", "a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\n");

    public static string VideoOnly(string direction = "sendonly") =>
        Head("1") + Section("video", "1", "96 97", direction, "actpass", Vp8);

    public static string DataOnly() => Head("0")
        + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sctp-port:5000\r\n";

    /// <summary>As a player answers the server's offer: its mids in their order, VP8 unless told otherwise.</summary>
    public static string Answer(string direction = "recvonly", string setup = "active", string video = Vp8) =>
        Head("0 1") + Section("audio", "0", "111", direction, setup, Opus) + Section("video", "1", "96 97", direction, setup, video);

    public static string AudioOnly(string direction = "sendonly") =>
        Head("0") + Section("audio", "0", "111", direction, "actpass", Opus);

    public static string TwoVideos() =>
        Head("0 1") + Section("video", "0", "96 97", "sendonly", "actpass", Vp8) + Section("video", "1", "96 97", "sendonly", "actpass", Vp8);

    public static string UnknownCodec() =>
        Head("0 1") + Section("audio", "0", "111", "sendonly", "actpass", Opus)
        + Section("video", "1", "100", "sendonly", "actpass", "a=rtpmap:100 theora/90000\r\n");

    public static string Simulcast() => Publish(extra:
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
        + "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n");

    public static string Fragment(string ufrag = Ufrag, string password = Password, string candidates = "") =>
        $"a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\n{candidates}"
        + "a=end-of-candidates\r\n";

    private static string Head(string bundle) =>
        "v=0\r\no=- 5228595038118931041 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
        + $"a=group:BUNDLE {bundle}\r\na=extmap-allow-mixed\r\na=ice-options:trickle ice2\r\n";

    private static string Section(string kind, string mid, string formats, string direction, string setup, string codecs)
    {
        var text = new StringBuilder();
        text.Append($"m={kind} 9 UDP/TLS/RTP/SAVPF {formats}\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n");
        text.Append($"a=ice-ufrag:{Ufrag}\r\na=ice-pwd:{Password}\r\na=fingerprint:{Fingerprint}\r\na=setup:{setup}\r\n");
        text.Append($"a=mid:{mid}\r\na={direction}\r\na=rtcp-mux\r\na=rtcp-mux-only\r\n{codecs}");
        return text.ToString();
    }
}

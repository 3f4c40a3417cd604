using System.Globalization;
using System.Text;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Description;

/// <summary>Writes offers (RFC 8829 section 5.2): everything bundled and rtcp-muxed, Opus and VP8 with RTX.</summary>
/// <param name="fingerprint">The value of <c>a=fingerprint</c>.</param>
internal sealed class OfferWriter(ulong sessionId, string ufrag, string password, string fingerprint, string cname)
{
    private readonly StringBuilder _text = new(4096);
    private int _version;

    /// <summary>Our one candidate, written into the first section; null = the server learns it from our checks.</summary>
    public TransportAddress? Candidate { get; init; }

    /// <summary>Whether the server may estimate our bandwidth: it then wants transport-wide feedback for what we receive.</summary>
    public bool TransportCc { get; init; } = true;

    public string Write(IReadOnlyList<OfferSection> sections)
    {
        _text.Clear();
        Line($"v=0");
        Line($"o=- {sessionId} {++_version} IN IP4 127.0.0.1");
        Line($"s=-");
        Line($"t=0 0");
        Line($"a=group:BUNDLE {string.Join(' ', sections.Select(static s => s.Mid))}");
        Line($"a=extmap-allow-mixed");
        foreach (OfferSection section in sections)
        {
            WriteSection(section);
        }

        return _text.ToString();
    }

    private void WriteSection(OfferSection section)
    {
        bool audio = section.Kind == MediaKind.Audio;
        string formats = audio ? $"{OfferFormat.Opus}" : $"{OfferFormat.Vp8} {OfferFormat.Vp8Rtx}";
        Line($"m={(audio ? "audio" : "video")} 9 UDP/TLS/RTP/SAVPF {formats}");
        Line($"c=IN IP4 0.0.0.0");
        Line($"a=rtcp:9 IN IP4 0.0.0.0");
        Line($"a=ice-ufrag:{ufrag}");
        Line($"a=ice-pwd:{password}");
        Line($"a=ice-options:trickle");
        Line($"a=fingerprint:{fingerprint}");
        Line($"a=setup:actpass");
        Line($"a=mid:{section.Mid}");
        if (Candidate is { } candidate)
        {
            WriteCandidate(candidate);
        }

        if (audio)
        {
            Line($"a=extmap:{OfferFormat.AudioLevelId} {OfferFormat.AudioLevelUri}");
        }

        if (TransportCc)
        {
            Line($"a=extmap:{OfferFormat.TransportCcId} {OfferFormat.TransportCcUri}");
        }

        Line($"a=extmap:{OfferFormat.MidId} {OfferFormat.MidUri}");
        Line($"a={(section.Sends ? "sendonly" : "recvonly")}");
        Line($"a=rtcp-mux");
        Line($"a=rtcp-rsize");
        WriteCodec(audio);
        WriteSources(section);
    }

    private void WriteCodec(bool audio)
    {
        if (audio)
        {
            Line($"a=rtpmap:{OfferFormat.Opus} opus/48000/2");
            if (TransportCc)
            {
                Line($"a=rtcp-fb:{OfferFormat.Opus} transport-cc");
            }

            Line($"a=fmtp:{OfferFormat.Opus} minptime=10;useinbandfec=1");
            return;
        }

        Line($"a=rtpmap:{OfferFormat.Vp8} VP8/90000");
        string[] estimation = TransportCc ? ["goog-remb", "transport-cc"] : [];
        foreach (string feedback in (string[])[.. estimation, "ccm fir", "nack", "nack pli"])
        {
            Line($"a=rtcp-fb:{OfferFormat.Vp8} {feedback}");
        }

        Line($"a=rtpmap:{OfferFormat.Vp8Rtx} rtx/90000");
        Line($"a=fmtp:{OfferFormat.Vp8Rtx} apt={OfferFormat.Vp8}");
    }

    private void WriteSources(OfferSection section)
    {
        if (!section.Sends)
        {
            return;
        }

        Line($"a=msid:- {section.TrackSid}");
        if (section.RtxSsrc != 0)
        {
            Line($"a=ssrc-group:FID {section.Ssrc} {section.RtxSsrc}");
        }

        foreach (uint ssrc in section.RtxSsrc == 0 ? [section.Ssrc] : new[] { section.Ssrc, section.RtxSsrc })
        {
            Line($"a=ssrc:{ssrc} cname:{cname}");
        }
    }

    /// <summary>RFC 8839 section 5.1, with the priority of a host candidate.</summary>
    private void WriteCandidate(TransportAddress candidate)
    {
        System.Net.IPEndPoint at = candidate.ToIPEndPoint();
        Line($"a=candidate:1 1 udp 2130706431 {at.Address} {at.Port} typ host");
        Line($"a=end-of-candidates");
    }

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
}

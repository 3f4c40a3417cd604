using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>
/// Writes the answer (RFC 9429 section 5.3) or the first offer (section 5.2.1) of an ICE-lite server that has all its
/// candidates in the description.
/// </summary>
internal sealed class AnswerWriter(NegotiatorOptions options)
{
    // Only while an answer is written: a negotiator lives as long as its transport, and an answer has some kilobytes.
    private StringBuilder _text = new();
    private bool _hasOffered;

    /// <summary>UDP host candidates, best first; at least one.</summary>
    public required ImmutableArray<TransportAddress> Candidates { get; set; }

    public string Write(
        SessionDescription offer, IReadOnlyList<SectionState> sections, ulong version, IceCredentials credentials, string setup)
    {
        WriteHead(version);
        if (offer.Bundle.Count > 0)
        {
            WriteBundle(sections);
        }

        Line($"a=ice-lite");
        if (offer.AllowMixedExtensions)
        {
            Line($"a=extmap-allow-mixed");
        }

        Line($"a=msid-semantic: WMS *");
        foreach (SectionState section in sections)
        {
            WriteSection(section, credentials, setup);
        }

        return TakeText();
    }

    /// <summary>The policy is max-bundle: all sections but the first are bundle-only, and the first has the transport of all.</summary>
    public string WriteOffer(IReadOnlyList<SectionState> sections, ulong version, IceCredentials credentials)
    {
        _hasOffered = true;
        WriteHead(version);
        WriteBundle(sections);
        WriteIceOptions();

        // Of the session: a bundle-only section has no transport attributes (RFC 9143 section 7.1.3), and Firefox 153 dies of
        // one that no fingerprint applies to, while it makes its answer.
        WriteAssociation("actpass");
        Line($"a=extmap-allow-mixed");
        Line($"a=msid-semantic: WMS *");
        for (int i = 0; i < sections.Count; i++)
        {
            MediaDescription media = sections[i].Offer;
            Line($"m={media.Kind} {(i == 0 ? 9 : 0)} {media.Protocol} {string.Join(' ', Formats(sections[i]))}");
            Line($"c=IN IP4 0.0.0.0");
            if (i == 0)
            {
                Line($"a=rtcp:9 IN IP4 0.0.0.0");
                WriteIce(credentials);
            }
            else
            {
                Line($"a=bundle-only");
            }

            WriteMedia(sections[i]);
        }

        return TakeText();
    }

    /// <summary>Our side of an ICE restart without an offer (RFC 8840 section 4.4): the section that carries the transport of all.</summary>
    public string WriteFragment(IReadOnlyList<SectionState> sections, IceCredentials credentials)
    {
        SectionState tagged = sections.First(static s => s.Kind is not null);
        WriteIceOptions();
        WriteBundle(sections);
        Line($"m={tagged.Offer.Kind} 9 {tagged.Offer.Protocol} {string.Join(' ', Formats(tagged))}");
        Line($"a=mid:{tagged.Mid}");
        WriteIce(credentials);
        return TakeText();
    }

    private void WriteHead(ulong version)
    {
        _text = new StringBuilder(8192);
        Line($"v=0");
        Line($"o=- {options.SessionId} {version} IN IP4 127.0.0.1");
        Line($"s=-");
        Line($"t=0 0");
    }

    /// <summary>The same in a fragment as in the offer before it (draft-ietf-wish-whep-03, "ICE Restarts"); our answers name none.</summary>
    private void WriteIceOptions()
    {
        Line($"a=ice-lite");
        if (_hasOffered)
        {
            Line($"a=ice-options:trickle ice2");
        }
    }

    private void WriteBundle(IReadOnlyList<SectionState> sections) =>
        Line($"a=group:BUNDLE {string.Join(' ', sections.Where(static s => s.Kind is not null).Select(static s => s.Mid))}");

    private string TakeText()
    {
        string text = _text.ToString();
        _text = new StringBuilder();
        return text;
    }

    private void WriteSection(SectionState section, IceCredentials credentials, string setup)
    {
        MediaDescription offer = section.Offer;
        if (section.Kind is null)
        {
            Line($"m={offer.Kind} 0 {offer.Protocol} {string.Join(' ', offer.Formats)}");
            Line($"c=IN IP4 0.0.0.0");
            Line($"a=mid:{section.Mid}");
            Line($"a=inactive");
            return;
        }

        Line($"m={offer.Kind} 9 {offer.Protocol} {string.Join(' ', Formats(section))}");
        Line($"c=IN IP4 0.0.0.0");
        Line($"a=rtcp:9 IN IP4 0.0.0.0");
        WriteAssociation(setup);
        WriteIce(credentials);
        WriteMedia(section);
    }

    private void WriteMedia(SectionState section)
    {
        Line($"a=mid:{section.Mid}");
        foreach (ExtensionMap extension in section.Extensions)
        {
            string direction = extension.Direction == MediaDirection.SendRecv ? "" : $"/{DirectionName(extension.Direction)}";
            Line($"a=extmap:{extension.Id}{direction} {extension.Uri}");
        }

        if (section.Offer.AllowMixedExtensions)
        {
            Line($"a=extmap-allow-mixed");
        }

        Line($"a={DirectionName(section.AnswerDirection)}");
        if (section.Sent is { } sent)
        {
            Line($"a=msid:{sent.ParticipantSid} {sent.TrackSid}");
        }

        Line($"a=rtcp-mux");

        // RFC 9725 section 4.4.1 wants it in every bundled section; who does not know it passes over it.
        Line($"a=rtcp-mux-only");
        Line($"a=rtcp-rsize");
        WriteCodecs(section);
        WriteSources(section);
        WriteSimulcast(section);
    }

    private void WriteAssociation(string setup)
    {
        Line($"a=fingerprint:{options.Fingerprint}");
        Line($"a=setup:{setup}");
    }

    private void WriteIce(IceCredentials credentials)
    {
        Line($"a=ice-ufrag:{credentials.Ufrag}");
        Line($"a=ice-pwd:{credentials.Password}");
        for (int i = 0; i < Candidates.Length; i++)
        {
            TransportAddress candidate = Candidates[i];

            // RFC 8445 section 5.1.2.1: type preference 126 for host, then local preference, then component 1.
            uint priority = (126u << 24) | ((65_535u - (uint)i) << 8) | 255u;
            Line($"a=candidate:{i + 1} 1 udp {priority} {candidate.ToIPEndPoint().Address} {candidate.Port} typ host");
        }

        Line($"a=end-of-candidates");
    }

    private void WriteCodecs(SectionState section)
    {
        foreach (CodecBinding codec in section.Codecs)
        {
            string channels = codec.Channels > 1 ? $"/{codec.Channels}" : "";
            Line($"a=rtpmap:{codec.PayloadType} {CodecTable.EncodingName(codec.Codec)}/{codec.ClockRate}{channels}");
            string parameters = ParametersOf(section, codec);
            if (parameters.Length > 0)
            {
                Line($"a=fmtp:{codec.PayloadType} {parameters}");
            }

            foreach (string feedback in FeedbackNames.Write(codec.Feedback))
            {
                Line($"a=rtcp-fb:{codec.PayloadType} {feedback}");
            }

            if (codec.RtxPayloadType != 0)
            {
                Line($"a=rtpmap:{codec.RtxPayloadType} rtx/{codec.ClockRate}");
                Line($"a=fmtp:{codec.RtxPayloadType} apt={codec.PayloadType}");
            }
        }
    }

    /// <summary>
    /// The offer's parameters, and for video that we receive Chromium's own: it starts encoding at this bitrate (kbit/s)
    /// instead of 300, which is a quarter of the picture for the first ten seconds of a 640x480 camera (seen in 156). A
    /// start value, no floor: the estimator goes on from there. Others ignore the parameter.
    /// </summary>
    private static string ParametersOf(SectionState section, CodecBinding codec)
    {
        const string Start = "x-google-start-bitrate=1000";
        if (section.PublishedTrack is null || section.Kind != MediaKind.Video)
        {
            return codec.Parameters;
        }

        return codec.Parameters.Length == 0 ? Start : $"{codec.Parameters};{Start}";
    }

    private void WriteSources(SectionState section)
    {
        if (section.Sent is not { } sent)
        {
            return;
        }

        if (sent.RtxSsrc != 0)
        {
            Line($"a=ssrc-group:FID {sent.Ssrc} {sent.RtxSsrc}");
        }

        foreach (uint ssrc in sent.RtxSsrc == 0 ? [sent.Ssrc] : new[] { sent.Ssrc, sent.RtxSsrc })
        {
            Line($"a=ssrc:{ssrc} cname:{sent.CnameOr(options.Cname)}");
            Line($"a=ssrc:{ssrc} msid:{sent.ParticipantSid} {sent.TrackSid}");
        }
    }

    private void WriteSimulcast(SectionState section)
    {
        if (section.SimulcastRids.Length == 0)
        {
            return;
        }

        foreach (string rid in section.SimulcastRids)
        {
            Line($"a=rid:{rid} recv");
        }

        Line($"a=simulcast:recv {string.Join(';', section.SimulcastRids)}");
    }

    private static IEnumerable<byte> Formats(SectionState section)
    {
        foreach (CodecBinding codec in section.Codecs)
        {
            yield return codec.PayloadType;
            if (codec.RtxPayloadType != 0)
            {
                yield return codec.RtxPayloadType;
            }
        }
    }

    private static string DirectionName(MediaDirection direction) => direction switch
    {
        MediaDirection.SendRecv => "sendrecv",
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.RecvOnly => "recvonly",
        _ => "inactive",
    };

    private void Line(DefaultInterpolatedStringHandler line)
    {
        _text.Append(line.Text).Append("\r\n");
        line.Clear();
    }
}

using System.Collections.Immutable;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>Which codecs of an offered section we take, and with which feedback.</summary>
internal static class CodecTable
{
    /// <summary>Codecs of the section that can be forwarded, in the offer's order of preference, each with its RTX format.</summary>
    public static ImmutableArray<CodecBinding> Select(MediaDescription media, RtcpFeedback allowed)
    {
        var selected = ImmutableArray.CreateBuilder<CodecBinding>();
        foreach (string format in media.Formats)
        {
            if (!int.TryParse(format, out int payloadType) || payloadType is < 0 or > 127)
            {
                continue;
            }

            RtpMap? map = media.RtpMaps.GetValueOrDefault(payloadType) ?? StaticFormat(payloadType);
            CodecName codec = map is null ? CodecName.None : Recognise(media.Kind, map);
            if (map is null || codec == CodecName.None)
            {
                continue;
            }

            selected.Add(new CodecBinding(
                codec,
                (byte)payloadType,
                FindRtx(media, payloadType),
                map.ClockRate,
                map.Channels,
                media.Parameters.GetValueOrDefault(payloadType, ""),
                FeedbackOf(media, payloadType) & allowed));
        }

        return selected.ToImmutable();
    }

    /// <summary>Such as <c>video/VP8</c>.</summary>
    public static string MimeType(CodecName codec) => codec switch
    {
        CodecName.Opus => "audio/opus",
        CodecName.Pcmu => "audio/PCMU",
        CodecName.Pcma => "audio/PCMA",
        _ => "video/" + EncodingName(codec),
    };

    /// <summary>As in <c>a=rtpmap</c>.</summary>
    public static string EncodingName(CodecName codec) => codec switch
    {
        CodecName.Opus => "opus",
        CodecName.Vp8 => "VP8",
        CodecName.Vp9 => "VP9",
        CodecName.H264 => "H264",
        CodecName.Av1 => "AV1",
        CodecName.Pcmu => "PCMU",
        CodecName.Pcma => "PCMA",
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "no encoding name"),
    };

    private static CodecName Recognise(string kind, RtpMap map) => (kind, map.Encoding.ToUpperInvariant(), map.ClockRate) switch
    {
        ("audio", "OPUS", 48_000) => CodecName.Opus,
        ("audio", "PCMU", 8_000) => CodecName.Pcmu,
        ("audio", "PCMA", 8_000) => CodecName.Pcma,
        ("video", "VP8", 90_000) => CodecName.Vp8,
        ("video", "VP9", 90_000) => CodecName.Vp9,
        ("video", "H264", 90_000) => CodecName.H264,
        ("video", "AV1", 90_000) => CodecName.Av1,
        _ => CodecName.None,
    };

    /// <summary>RFC 3551 table 4: these two need no rtpmap.</summary>
    private static RtpMap? StaticFormat(int payloadType) => payloadType switch
    {
        0 => new RtpMap(0, "PCMU", 8_000, 1),
        8 => new RtpMap(8, "PCMA", 8_000, 1),
        _ => null,
    };

    /// <summary>The RTX format whose <c>apt</c> names the payload type (RFC 4588 section 8.6), 0 = none.</summary>
    private static byte FindRtx(MediaDescription media, int payloadType)
    {
        foreach (RtpMap map in media.RtpMaps.Values)
        {
            if (map.Encoding.Equals("rtx", StringComparison.OrdinalIgnoreCase)
                && FormatParameters.TryGet(media.Parameters.GetValueOrDefault(map.PayloadType, ""), "apt", out string apt)
                && int.TryParse(apt, out int original)
                && original == payloadType)
            {
                return (byte)map.PayloadType;
            }
        }

        return 0;
    }

    private static RtcpFeedback FeedbackOf(MediaDescription media, int payloadType)
    {
        RtcpFeedback feedback = RtcpFeedback.None;
        foreach (FeedbackLine line in media.Feedback)
        {
            if (line.PayloadType == payloadType || line.PayloadType == -1)
            {
                feedback |= FeedbackNames.Parse(line.Value);
            }
        }

        return feedback;
    }
}

using System.Collections.Immutable;
using RtcPlatform.Engine.Sending;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>
/// The sections of an offer of ours: everything that can be forwarded, what is published now first, each in one direction. A
/// track that is published in something else later is carried as well when the client took that, too.
/// </summary>
internal static class OwnOffer
{
    private const RtcpFeedback ForVideo = RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.CcmFir | RtcpFeedback.GoogRemb;

    private static readonly ImmutableArray<CodecBinding> Audio =
    [
        new(CodecName.Opus, 111, 0, 48_000, 2, "minptime=10;useinbandfec=1", RtcpFeedback.None),
        new(CodecName.Pcmu, 0, 0, 8_000, 1, "", RtcpFeedback.None),
        new(CodecName.Pcma, 8, 0, 8_000, 1, "", RtcpFeedback.None),
    ];

    private static readonly ImmutableArray<CodecBinding> Video =
    [
        new(CodecName.Vp8, 96, 97, 90_000, 1, "", ForVideo),
        new(CodecName.Vp9, 98, 99, 90_000, 1, "profile-id=0", ForVideo),
        new(CodecName.H264, 102, 103, 90_000, 1, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", ForVideo),
        new(CodecName.Av1, 45, 46, 90_000, 1, "", ForVideo),
    ];

    // Those that are forwarded; a mid tells the client the section of a source that it has not heard of.
    private static readonly ExtensionMap[] AudioExtensions =
    [
        new(1, ExtensionTable.Mid),
        new(2, ExtensionTable.AudioLevel),
        new(3, ExtensionTable.AbsCaptureTime),
    ];

    private static readonly ExtensionMap[] VideoExtensions =
    [
        new(1, ExtensionTable.Mid),
        new(3, ExtensionTable.AbsCaptureTime),
        new(4, ExtensionTable.PlayoutDelay),
        new(5, ExtensionTable.DependencyDescriptor),
    ];

    public static SectionState[] Sections(IReadOnlyList<OfferedTrack> tracks) =>
        [.. tracks.Select((track, index) => Section(track, $"{index}"))];

    private static SectionState Section(OfferedTrack offered, string mid)
    {
        bool isVideo = offered.Track.Kind == MediaKind.Video;
        return new SectionState
        {
            // The client's side of it, as an offer of the client's would have it.
            Offer = new MediaDescription
            {
                Kind = isVideo ? "video" : "audio",
                Port = 9,
                Protocol = "UDP/TLS/RTP/SAVPF",
                Formats = [],
                Mid = mid,
                Direction = MediaDirection.RecvOnly,
                RtcpMux = true,
            },
            Kind = offered.Track.Kind,
            Codecs = Preferring(offered.Published, isVideo ? Video : Audio),
            Extensions = isVideo ? VideoExtensions : AudioExtensions,
        };
    }

    /// <summary>With the publisher's own profile, where the usual one could not carry it.</summary>
    private static ImmutableArray<CodecBinding> Preferring(CodecBinding? published, ImmutableArray<CodecBinding> all)
    {
        if (published is null || all.FirstOrDefault(codec => codec.Codec == published.Codec) is not { } usual)
        {
            return all;
        }

        CodecBinding fitting = CodecMatch.Rank(published, usual) == 2 ? usual : usual with { Parameters = published.Parameters };
        return [fitting, .. all.Where(codec => codec != usual)];
    }
}

using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>Which header extensions of an offered section we take.</summary>
internal static class ExtensionTable
{
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    public const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    public const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    public const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    public const string TransportCc = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string AbsCaptureTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
    public const string PlayoutDelay = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

    public const string DependencyDescriptor =
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

    // The same in both directions: Chromium never offers an extension again that the first answer left out, and the first
    // offer of a join only receives (seen in 156: a camera added later came without transport-cc, and its bandwidth
    // estimate crept up from 300 kbit/s by 8 % a second). Video orientation is left out on purpose: without it the
    // publisher's browser turns the picture itself, and every subscriber, whatever it negotiated, sees it upright.
    private static readonly string[] Known =
        [Mid, Rid, RepairedRid, AudioLevel, TransportCc, AbsCaptureTime, PlayoutDelay, DependencyDescriptor];

    /// <summary>The accepted lines of the offer, in its order, each URI once, with our direction (the mirror of the offer's).</summary>
    public static List<ExtensionMap> Select(MediaDescription media)
    {
        var accepted = new List<ExtensionMap>();
        foreach (ExtensionMap line in media.Extensions)
        {
            if (Known.Contains(line.Uri) && accepted.TrueForAll(a => a.Uri != line.Uri && a.Id != line.Id))
            {
                accepted.Add(line with { Direction = Mirror(line.Direction) });
            }
        }

        return accepted;
    }

    private static MediaDirection Mirror(MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => MediaDirection.RecvOnly,
        MediaDirection.RecvOnly => MediaDirection.SendOnly,
        _ => direction,
    };

    public static HeaderExtensionIds Ids(IReadOnlyList<ExtensionMap> accepted)
    {
        byte Id(string uri) => (byte)(accepted.FirstOrDefault(a => a.Uri == uri)?.Id ?? 0);
        return new HeaderExtensionIds
        {
            Mid = Id(Mid),
            Rid = Id(Rid),
            RepairedRid = Id(RepairedRid),
            AudioLevel = Id(AudioLevel),
            TransportCc = Id(TransportCc),
            AbsCaptureTime = Id(AbsCaptureTime),
            PlayoutDelay = Id(PlayoutDelay),
            DependencyDescriptor = Id(DependencyDescriptor),
        };
    }
}

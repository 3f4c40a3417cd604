using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>The values of <c>a=rtcp-fb</c> and their flags.</summary>
internal static class FeedbackNames
{
    private static readonly (RtcpFeedback Flag, string Value)[] Names =
    [
        (RtcpFeedback.GoogRemb, "goog-remb"),
        (RtcpFeedback.TransportCc, "transport-cc"),
        (RtcpFeedback.CcmFir, "ccm fir"),
        (RtcpFeedback.Nack, "nack"),
        (RtcpFeedback.NackPli, "nack pli"),
    ];

    public static RtcpFeedback Parse(string value)
    {
        foreach ((RtcpFeedback flag, string name) in Names)
        {
            if (name == value)
            {
                return flag;
            }
        }

        return RtcpFeedback.None;
    }

    public static IEnumerable<string> Write(RtcpFeedback feedback) =>
        Names.Where(n => (feedback & n.Flag) != 0).Select(n => n.Value);
}

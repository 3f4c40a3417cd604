using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>
/// What every offer must fulfil before it is looked at (RFC 8829, 9143, 8842), and what an answer to ours must beside it; the
/// fault in one sentence, or null.
/// </summary>
internal static class OfferRules
{
    public static string? Check(SessionDescription offer, IReadOnlyList<string> knownMids)
    {
        if (offer.Media.Count == 0)
        {
            return "the description has no media section";
        }

        if (offer.Media.Count < knownMids.Count)
        {
            return "the description has fewer media sections than the one before";
        }

        return CheckMids(offer, knownMids) ?? CheckBundle(offer) ?? CheckTransport(offer);
    }

    /// <summary>An answer to an offer of ours that only sends (RFC 3264 section 6, RFC 8842 section 5.3).</summary>
    public static string? CheckAnswer(SessionDescription answer, IReadOnlyList<SectionState> offered)
    {
        if (!answer.Media.Select(static m => (m.Kind, m.Mid)).SequenceEqual(offered.Select(static s => (s.Offer.Kind, s.Offer.Mid))))
        {
            return "the answer does not have the media sections of the offer in their order";
        }

        if (Used(answer).FirstOrDefault(static m => m.Direction != MediaDirection.RecvOnly) is { } other)
        {
            return $"media section '{other.Mid}' of the answer is not recvonly";
        }

        return Check(answer, [])
            ?? (Setup(answer, Used(answer).First()) is "active" or "passive" ? null : "the answer has no a=setup:active or passive");
    }

    private static string? CheckMids(SessionDescription offer, IReadOnlyList<string> knownMids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < offer.Media.Count; i++)
        {
            MediaDescription media = offer.Media[i];
            if (media.Mid is null || !seen.Add(media.Mid))
            {
                return $"media section {i} has no mid of its own";
            }

            // A stopped section may be recycled under a new mid (RFC 8829 section 5.2.2); a living one keeps its mid.
            if (i < knownMids.Count && knownMids[i] != media.Mid && knownMids.Contains(media.Mid))
            {
                return $"mid '{media.Mid}' moved to another media section";
            }
        }

        return null;
    }

    private static string? CheckBundle(SessionDescription offer)
    {
        foreach (MediaDescription media in Used(offer))
        {
            if (!offer.Bundle.Contains(media.Mid!) && offer.Media.Count > 1)
            {
                return $"media section '{media.Mid}' is not in the BUNDLE group";
            }

            if (!media.RtcpMux)
            {
                return $"media section '{media.Mid}' has no rtcp-mux";
            }

            if (media.Protocol is not ("UDP/TLS/RTP/SAVPF" or "TCP/TLS/RTP/SAVPF" or "RTP/SAVPF"))
            {
                return $"media section '{media.Mid}' has the protocol '{media.Protocol}', not UDP/TLS/RTP/SAVPF";
            }
        }

        return null;
    }

    private static string? CheckTransport(SessionDescription offer)
    {
        MediaDescription? first = Used(offer).FirstOrDefault();
        if (first is null)
        {
            return "every media section of the description is rejected";
        }

        if (Ufrag(offer, first) is null || Password(offer, first) is null)
        {
            return "the description has no ICE credentials";
        }

        return Fingerprints(offer, first).Count == 0 ? "the description has no certificate fingerprint" : null;
    }

    /// <summary>RTP sections that are not rejected; the first of them carries the transport of all (BUNDLE).</summary>
    public static IEnumerable<MediaDescription> Used(SessionDescription offer) =>
        offer.Media.Where(static m => m.Kind is "audio" or "video" && !m.IsRejected);

    public static string? Ufrag(SessionDescription offer, MediaDescription media) => media.Transport.IceUfrag ?? offer.Transport.IceUfrag;

    public static string? Password(SessionDescription offer, MediaDescription media) =>
        media.Transport.IcePassword ?? offer.Transport.IcePassword;

    public static IReadOnlyList<string> Fingerprints(SessionDescription offer, MediaDescription media) =>
        media.Transport.Fingerprints.Count > 0 ? media.Transport.Fingerprints : offer.Transport.Fingerprints;

    public static string Setup(SessionDescription offer, MediaDescription media) =>
        media.Transport.Setup ?? offer.Transport.Setup ?? "actpass";
}

using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Offers;

/// <summary>What an offer to WHIP or WHEP must be beyond well-formed; the objection in one sentence, or null.</summary>
public static class SessionOffers
{
    /// <summary>RFC 9725 sections 4.2 and 4.4.2: media that flows one way, at most one track of each kind.</summary>
    public static string? ObjectionToIngest(OfferOutline offer) =>
        !offer.Media.Any() ? "The offer has no audio or video section to send in."
        : offer.Media.Any(static section => !section.Sends) ? "Every media section of a WHIP offer must be sendonly or sendrecv."
        : ObjectionToShape(offer);

    /// <summary>
    /// draft-ietf-wish-whep-03, "Media Direction Attributes" and "Single MediaStream": what a player MUST NOT do. An offer that
    /// merely has nothing to receive in, or no mids, is the media node's to counter.
    /// </summary>
    public static string? ObjectionToPlayback(OfferOutline offer) =>
        offer.Media.Any(static section => !section.Receives)
            ? "Every media section of a WHEP offer must be recvonly or sendrecv."
            : ObjectionToNumber(offer);

    private static string? ObjectionToShape(OfferOutline offer) =>
        offer.Media.Any(static section => section.Mid.Length == 0) ? "Every media section needs an a=mid."
        : ObjectionToNumber(offer);

    private static string? ObjectionToNumber(OfferOutline offer) =>
        offer.Media.Count(static section => section.Kind == TrackKind.Audio) > 1 ? "At most one audio section is supported."
        : offer.Media.Count(static section => section.Kind == TrackKind.Video) > 1 ? "At most one video section is supported."
        : null;
}

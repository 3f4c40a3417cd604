using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Signaling.Translation;

/// <summary>The client's words in the grains' messages.</summary>
internal static class FromClient
{
    public static JoinCommand Join(string connectionId, Bearer bearer, JoinRequest request) => new(
        connectionId,
        bearer.ProjectId,
        bearer.Claims.Video.Room!,
        bearer.Claims.Subject,
        bearer.Claims.Name,
        bearer.Claims.Metadata,
        Grants(bearer.Claims.Video),
        request.AutoSubscribe,
        request.Offer is null ? null : Offer(request.Offer));

    public static OfferRecord Offer(SessionOffer offer) =>
        new(checked((ulong)Math.Max(offer.Id, 0)), offer.Sdp, new Dictionary<string, string>(offer.Publish));

    public static PublishCommand Publish(string connectionId, PublishRequest request) => new(
        connectionId,
        WireNames<TrackKind>.Of(request.Kind),
        WireNames<TrackSource>.Of(request.Source),
        request.Name,
        request.Muted,
        request.Width,
        request.Height);

    private static GrantRecord Grants(VideoGrant video)
    {
        RoomGrants grants = new VideoClaim(
            video.RoomJoin, video.Room, video.CanPublish, video.CanSubscribe, video.CanPublishData, [.. video.CanPublishSources])
            .Resolve();
        return new GrantRecord(
            grants.CanPublish,
            grants.CanSubscribe,
            grants.CanPublishData,
            [.. video.CanPublishSources.Where(source => WireNames<TrackSource>.Find(source) is not null)]);
    }
}

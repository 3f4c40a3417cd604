namespace RtcPlatform.Signaling.Contract;

/// <summary>
/// What a client may say at <c>/signal</c> (SignalR, JSON protocol). The TypeScript types of the SDK are generated from
/// this folder. A refused call fails with a hub error whose message is the JSON of <see cref="SignalFailure"/>.
/// </summary>
public interface IRoomHub
{
    /// <summary>Must be the first call of a connection, or <see cref="Resume"/>.</summary>
    Task<JoinResponse> Join(JoinRequest request);

    /// <summary>Continues the same participant after the connection was lost, within 60 s.</summary>
    Task<ResumeResponse> Resume(ResumeRequest request);

    /// <summary>The client always offers, the server always answers; offers are numbered from 1 within one participant.</summary>
    Task<Answer> Offer(OfferRequest request);

    /// <summary>Accepted for completeness: the server is ICE-lite and learns addresses from checks.</summary>
    Task Candidate(IceCandidate candidate);

    /// <summary>Announces a track and gives it its sid, before it is offered under that sid.</summary>
    Task<TrackInfo> Publish(PublishRequest request);

    Task Unpublish(TrackRef track);

    Task SetMuted(MuteRequest request);

    Task UpdateSubscriptions(SubscriptionRequest request);

    /// <summary>The room as it is now; asked for after a gap in versions.</summary>
    Task<RoomState> GetSnapshot();

    Task Leave();
}

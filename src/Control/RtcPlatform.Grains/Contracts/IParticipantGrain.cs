using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.Grains.Contracts;

/// <summary>
/// One participant of one room: its connection to an edge, its transport on a media node, its negotiation and what was
/// not yet delivered. Key: <c>project/room/identity</c>, see <c>GrainKeys</c>.
/// </summary>
/// <remarks>
/// Commands of a client carry the id of the edge connection they came over; one that is no longer current is answered with
/// <see cref="SignalErrorCode.NotJoined"/>. Nothing throws for what a client may send: errors are values.
/// </remarks>
public interface IParticipantGrain : IGrainWithStringKey
{
    /// <summary>Joins the room anew. An earlier connection of the same identity is told <c>DuplicateIdentity</c> and closed.</summary>
    Task<Outcome<JoinResult>> Join(JoinCommand command, IParticipantObserver edge);

    /// <summary>Continues the same participant over a new edge connection, with what it missed.</summary>
    Task<Outcome<ResumeResult>> Resume(ResumeCommand command, IParticipantObserver edge);

    /// <summary>The client's offer; the answer echoes its number.</summary>
    Task<Outcome<AnswerResult>> Offer(OfferCommand command);

    /// <summary>Announces a track before it is offered; gives it its sid.</summary>
    Task<Outcome<TrackRecord>> Publish(PublishCommand command);

    Task<Outcome<Accepted>> Unpublish(string connectionId, string trackSid);

    Task<Outcome<Accepted>> SetMuted(string connectionId, string trackSid, bool muted);

    /// <summary>Subscribes to or unsubscribes from tracks by sid; unknown sids are an error, nothing is changed then.</summary>
    Task<Outcome<Accepted>> UpdateSubscriptions(string connectionId, string[] trackSids, bool subscribe);

    /// <summary>The whole room as it is now; asked for by a client that saw a gap in versions.</summary>
    Task<Outcome<RoomSnapshot>> Snapshot(string connectionId);

    Task Leave(string connectionId);

    /// <summary>The edge lost the client without a leave: the resume window begins.</summary>
    Task EdgeLost(string connectionId);

    /// <summary>From the room; never awaited by it.</summary>
    [OneWay]
    Task OnRoomChanged(RoomDelta delta);

    /// <summary>From the room: the participant was removed from it.</summary>
    [OneWay]
    Task OnRemoved(string participantSid, DisconnectReason reason);

    /// <summary>From the media node: a state of a transport of this participant.</summary>
    [OneWay]
    Task OnTransportChanged(string transportId, TransportStatus status, string reason);

    /// <summary>
    /// From the media node, after a restart of the control plane: a transport of this participant lives. True when it is (now)
    /// the participant's; then a new resume window has begun. False: it is to be closed.
    /// </summary>
    Task<bool> Restore(string nodeId, AdoptedParticipant adopted);
}

/// <summary>The edge's end of a participant; implemented where the client's connection is held.</summary>
public interface IParticipantObserver : IGrainObserver
{
    Task Deliver(ParticipantEvent message);
}

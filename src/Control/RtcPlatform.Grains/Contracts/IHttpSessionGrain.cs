using Orleans;

namespace RtcPlatform.Grains.Contracts;

/// <summary>
/// A participant that came in by WHIP or WHEP: no signaling connection, its session is an HTTP resource, and it stays as
/// long as its media transport does. Key and grain are those of <see cref="IParticipantGrain"/>.
/// </summary>
/// <remarks>A call for a session that is not, or no longer, this participant's ends with <see cref="SignalErrorCode.NotJoined"/>.</remarks>
public interface IHttpSessionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Joins the room with an offer and gives its answer, or for a viewer whose offer cannot carry what is published, an offer
    /// to be answered by <see cref="Answer"/>. An earlier stay of the same identity ends as a duplicate.
    /// </summary>
    Task<Outcome<HttpSession>> Open(OpenHttpSession command);

    /// <summary>The client's answer to a counter-offer. One that is refused changes nothing: another may follow while the offer is valid.</summary>
    /// <returns>The entity tag of the ICE session; <see cref="SignalErrorCode.AlreadyJoined"/> when no offer waits for an answer.</returns>
    Task<Outcome<string>> Answer(SessionAnswer answer);

    /// <summary>Candidates (nothing happens: the node is ICE-lite and learns addresses from checks) or an ICE restart.</summary>
    /// <returns><see cref="SignalErrorCode.StaleOffer"/> when the entity tag is not that of the ICE session.</returns>
    Task<Outcome<IcePatched>> PatchIce(IcePatch patch);

    /// <summary>Ends it; false when there is none.</summary>
    Task<bool> Close(string secret);

    Task<bool> Exists(string secret);

    /// <summary>Which simulcast layer a viewer receives, at most, until what it watches is published anew.</summary>
    /// <returns><see cref="SignalErrorCode.InvalidRequest"/> when there is no such section or layer.</returns>
    Task<Outcome<Accepted>> SelectLayer(LayerSelection selection);

    /// <summary>Begins an event stream of a viewer; from now on its events are kept. Gives the stream's id.</summary>
    /// <param name="types">Of <see cref="SessionEventTypes"/>.</param>
    Task<Outcome<string>> CreateEventStream(string secret, string[] types);

    /// <summary>Gives what waits to <paramref name="reader"/>, and what comes later; an earlier reader is ended. False: no such stream.</summary>
    Task<bool> ReadEvents(string secret, string streamId, ISessionEventObserver reader);

    /// <summary>False: no such stream.</summary>
    Task<bool> DeleteEventStream(string secret, string streamId);
}

/// <summary>Where a client reads its events.</summary>
public interface ISessionEventObserver : IGrainObserver
{
    /// <param name="data">One line of JSON.</param>
    Task Deliver(string type, string data);

    /// <summary>Nothing further comes.</summary>
    Task End();
}

/// <summary>The event types of WHEP's core extension that are sent here.</summary>
public static class SessionEventTypes
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Layers = "layers";
    public const string Reconnect = "reconnect";
    public const string ViewerCount = "viewercount";

    public static readonly string[] All = [Active, Inactive, Layers, Reconnect, ViewerCount];
}

/// <param name="Watches">For a viewer: the identity that it receives; empty otherwise.</param>
/// <param name="IceUfrag">The user fragment that the offer carries.</param>
/// <param name="Tracks">For an ingress: what it sends.</param>
/// <param name="AnswerWithin">How long a counter-offer is valid; then the session ends.</param>
[GenerateSerializer, Immutable]
public sealed record OpenHttpSession(
    string RoomName,
    string Identity,
    string Name,
    string Metadata,
    GrantRecord Grants,
    ParticipantKind Kind,
    string Watches,
    string OfferSdp,
    string IceUfrag,
    TrackOffer[] Tracks,
    TimeSpan AnswerWithin);

/// <summary>A section in which the client sends.</summary>
[GenerateSerializer, Immutable]
public sealed record TrackOffer(string Mid, string Kind, string Source);

/// <param name="Secret">What proves that a request is about this session; part of the session's URL, never stored in clear.</param>
/// <param name="ETag">Names the ICE session (RFC 9725 section 4.3.1), without quotes.</param>
/// <param name="Sdp">The answer, or a counter-offer.</param>
/// <param name="IsCounterOffer">There is no media before it is answered.</param>
[GenerateSerializer, Immutable]
public sealed record HttpSession(string ParticipantSid, string Secret, string ETag, string Sdp, bool IsCounterOffer);

/// <param name="IceUfrag">The user fragment that the answer carries.</param>
[GenerateSerializer, Immutable]
public sealed record SessionAnswer(string Secret, string Sdp, string IceUfrag);

/// <param name="Line">Index of the media section in the SDP; null = the first video section.</param>
/// <param name="Rid">Empty = the highest layer that arrives.</param>
[GenerateSerializer, Immutable]
public sealed record LayerSelection(string Secret, int? Line, string Rid);

/// <param name="IfMatch">An entity tag without quotes, or <c>*</c>.</param>
/// <param name="Ufrag">Empty when the fragment names none; another one than the session's asks for an ICE restart.</param>
[GenerateSerializer, Immutable]
public sealed record IcePatch(string Secret, string IfMatch, string Ufrag, string Password);

/// <param name="ETag">Of the new ICE session; empty when there was no restart.</param>
/// <param name="SdpFragment">Our new credentials and candidates; empty when there was no restart.</param>
[GenerateSerializer, Immutable]
public sealed record IcePatched(string ETag, string SdpFragment);

using System.Collections.Immutable;
using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Participants;

/// <summary>
/// The bookkeeping of one participant's negotiation, as an immutable value: which offer was answered last, what that answer
/// covered, whether the client was asked to offer again, and since when its edge is away.
/// </summary>
public sealed record ParticipantState(ParticipantSid Sid, RoomGrants Grants, SubscriptionChoice Choice)
{
    /// <summary>A participant whose edge is gone is kept for so long.</summary>
    public static readonly TimeSpan ResumeWindow = TimeSpan.FromSeconds(60);

    /// <summary>The number of the last offer that was answered; 0 before the first.</summary>
    public ulong LastOffer { get; init; }

    /// <summary>What the last answer was made for; null when that is not known, then the client must offer again.</summary>
    public ImmutableHashSet<TrackSid>? Negotiated { get; init; } = [];

    /// <summary>Sections of the last offer in which the client receives or could.</summary>
    public SectionCount Sections { get; init; }

    /// <summary>What the last answer said was missing.</summary>
    public SectionCount Missing { get; init; }

    /// <summary>The client was asked to offer again and has not yet.</summary>
    public bool IsAsked { get; init; }

    /// <summary>When the edge was lost; null while it is there.</summary>
    public DateTimeOffset? DetachedAt { get; init; }

    public DateTimeOffset? ResumeDeadline => DetachedAt + ResumeWindow;

    public ImmutableArray<WantedTrack> Wanted(RoomPicture room) => WantedTracks.Of(room, Sid, Grants.CanSubscribe, Choice);

    /// <summary>Why an offer is refused before it reaches the media node; null when it may go on.</summary>
    /// <param name="publish">mid → track sid, as the client wrote it.</param>
    /// <param name="published">The tracks that this participant announced.</param>
    public static OfferRefusal? CheckOffer(
        ParticipantState state,
        ulong offerId,
        IReadOnlyDictionary<string, string> publish,
        ImmutableArray<RoomTrack> published)
    {
        if (offerId <= state.LastOffer)
        {
            return OfferRefusal.Stale;
        }

        if (publish.Values.Distinct(StringComparer.Ordinal).Count() != publish.Count)
        {
            return OfferRefusal.TrackOfferedTwice;
        }

        foreach (string sid in publish.Values)
        {
            RoomTrack? track = published.FirstOrDefault(candidate => string.Equals(candidate.Sid.Value, sid, StringComparison.Ordinal));
            if (track is null || !state.Grants.AllowsPublishing(track.Source))
            {
                return OfferRefusal.NotAllowed;
            }
        }

        return null;
    }

    /// <summary>The node answered: whatever was asked of the client is thereby done.</summary>
    public ParticipantState Answered(ulong offerId, ImmutableArray<WantedTrack> wanted, SectionCount sections, SectionCount missing) =>
        this with
        {
            LastOffer = offerId,
            Negotiated = wanted.Select(track => track.Track.Sid).ToImmutableHashSet(),
            Sections = sections,
            Missing = missing,
            IsAsked = false,
        };

    /// <summary>A new transport has no sections yet.</summary>
    public ParticipantState WithoutTransport() =>
        this with { Negotiated = [], Sections = SectionCount.None, Missing = SectionCount.None, IsAsked = false };

    /// <summary>The last answer no longer covers what the participant should receive.</summary>
    public bool IsStale(ImmutableArray<WantedTrack> wanted) =>
        Negotiated is null || !Negotiated.SetEquals(wanted.Select(track => track.Track.Sid));

    /// <summary>
    /// What to ask of the client, or null when it is up to date or was asked already: at most one request is outstanding,
    /// whatever changes meanwhile is covered by the offer that follows.
    /// </summary>
    public SectionCount? NextRequest(ImmutableArray<WantedTrack> wanted)
    {
        if (IsAsked)
        {
            return null;
        }

        return IsStale(wanted) ? Sections.LackingTo(WantedTracks.Count(wanted))
            : Missing.IsNone ? null
            : Missing;
    }

    public ParticipantState Asked() => this with { IsAsked = true };

    public ParticipantState Detached(DateTimeOffset now) => this with { DetachedAt = DetachedAt ?? now };

    /// <summary>A new connection heard nothing of what was asked over the old one.</summary>
    public ParticipantState Attached() => this with { DetachedAt = null, IsAsked = false };

    public bool IsResumeOver(DateTimeOffset now) => ResumeDeadline <= now;
}

/// <summary>Why an offer does not reach the media node.</summary>
public enum OfferRefusal
{
    Stale = 1,
    NotAllowed,
    TrackOfferedTwice,
}

using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Rtp;
using WantedTrack = RtcPlatform.Engine.Negotiation.WantedTrack;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>
/// Whether the shards have room for what an offer asks for, decided before anything of it counts. Who is connected keeps what
/// he has: a first offer that does not fit is refused, a later one is answered without the sections that do not fit.
/// </summary>
internal sealed class Admission(TransportRegister register)
{
    /// <summary>A transport's first offer does not fit on any shard.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>A connected client cannot publish another track; the rest of its session goes on.</summary>
    public const string NoRoom = "no_room";

    /// <summary>Works out what the offer would come to and reserves the load of it.</summary>
    public Admitted Admit(TransportRecord record, Negotiate negotiate)
    {
        List<WantedTrack> wanted = [.. negotiate.Receive.Select(PublishedTracks.Wanted)];
        NegotiationProposal whole = Propose(record, negotiate, wanted);
        bool isAnswer = negotiate.AnswerSdp.Length > 0;
        if ((isAnswer || negotiate.MayCounter)
            && new PublishedTracks(register, record.Room, negotiate.Receive) is var published
            && !published.AreCarriedBy(whole))
        {
            return !isAnswer && whole.IsReadable ? Counter(record, negotiate, published)
                : new Admitted(whole, whole.Error ?? new(NegotiationError.InvalidSdp, "the answer cannot carry what is published"), 0);
        }

        if (whole.Error is not null)
        {
            return new Admitted(whole, whole.Error, 0);
        }

        IReadOnlyList<TrackUse> uses = UsesOf(whole.Plan!, negotiate);
        if (register.TryReserve(record, uses))
        {
            return new Admitted(whole, null, 0);
        }

        return record.OfferId == 0 ? RefuseFirst(whole) : AdmitInPart(record, negotiate, wanted, uses);
    }

    /// <summary>Sections carry other tracks from now on.</summary>
    public static void Retarget(TransportRegister register, TransportRecord record, IEnumerable<(string Slot, string TrackSid)> sections)
    {
        Dictionary<string, string> sources = sections.ToDictionary(static s => s.Slot, static s => s.TrackSid, StringComparer.Ordinal);
        register.Reserve(record, [.. record.Uses.Select(use =>
            !use.IsPublished && sources.TryGetValue(use.Slot, out string? source) ? use with { TrackSid = source } : use)]);
    }

    /// <summary>The place that the answer will need is reserved with the offer, whose candidates are those of its shard.</summary>
    private Admitted Counter(TransportRecord record, Negotiate negotiate, PublishedTracks published)
    {
        TrackUse[] uses = [.. negotiate.Receive.Select(UseOf)];
        return register.TryReserve(record, uses)
            ? new Admitted(new NegotiationProposal(), null, 0) { Offered = published.Offered }
            : RefuseFirst(new NegotiationProposal());
    }

    private Admitted RefuseFirst(NegotiationProposal proposal)
    {
        register.CountRefused(1);
        return new Admitted(
            proposal, new NegotiationError(Overloaded, "no shard of this media node has room for what the offer asks for"), 0);
    }

    private Admitted AdmitInPart(
        TransportRecord record, Negotiate negotiate, List<WantedTrack> wanted, IReadOnlyList<TrackUse> uses)
    {
        HashSet<(string, bool)> present = [.. record.Uses.Select(static use => (use.Slot, use.IsPublished))];
        bool Has(TrackUse use) => present.Contains((use.Slot, use.IsPublished));
        IReadOnlyList<TrackUse> fitting = register.Fitting(record, [.. uses.OrderByDescending(static use => use.IsPublished)], Has);
        HashSet<TrackUse> withheld = [.. uses.Except(fitting)];
        register.CountRefused(withheld.Count);
        if (withheld.FirstOrDefault(static use => use.IsPublished) is { TrackSid: { } track })
        {
            return new Admitted(
                new NegotiationProposal(),
                new NegotiationError(NoRoom, $"the media node has no room for another published track ({track})"),
                withheld.Count);
        }

        HashSet<string> slots = [.. withheld.Select(static use => use.Slot)];
        NegotiationProposal part = Propose(record, negotiate, [.. wanted.Where(track => !slots.Contains(track.TrackSid))]);
        register.Reserve(record, UsesOf(part.Plan!, negotiate));
        return new Admitted(part, null, withheld.Count);
    }

    private static NegotiationProposal Propose(TransportRecord record, Negotiate negotiate, IReadOnlyList<WantedTrack> wanted) =>
        record.Negotiator.Propose(
            negotiate.AnswerSdp.Length > 0
                ? new NegotiationInput(negotiate.OfferId, negotiate.AnswerSdp, negotiate.Publish, wanted) { IsAnswer = true }
                : new NegotiationInput(negotiate.OfferId, negotiate.OfferSdp, negotiate.Publish, wanted));

    // In the order in which they are wanted, which is that of their importance.
    private static IReadOnlyList<TrackUse> UsesOf(PeerPlan plan, Negotiate negotiate)
    {
        HashSet<string> sent = [.. plan.Send.Select(static section => section.TrackSid)];
        return
        [
            .. plan.Receive.Select(static section => new TrackUse(section.TrackSid, section.TrackSid, section.Kind, true)),
            .. negotiate.Receive.Where(track => sent.Remove(track.TrackSid)).Select(UseOf),
        ];
    }

    private static TrackUse UseOf(Media.Contracts.WantedTrack track) =>
        new(PublishedTracks.SourceOf(track), track.TrackSid, PublishedTracks.KindOf(track), false);
}

/// <summary>What became of an offer at the door.</summary>
/// <param name="Proposal">To be accepted, unless there is an error.</param>
/// <param name="Withheld">Wanted tracks that are not sent because there is no room for them.</param>
internal readonly record struct Admitted(NegotiationProposal Proposal, NegotiationError? Error, int Withheld)
{
    /// <summary>To be offered by us, instead of answering; null = answer.</summary>
    public IReadOnlyList<OfferedTrack>? Offered { get; init; }
}

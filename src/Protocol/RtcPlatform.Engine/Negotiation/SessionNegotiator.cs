using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>
/// Our side of one peer connection: the client offers, but for the first time, when we may. Each offer is checked, answered and
/// turned into a <see cref="PeerPlan"/>. A refused offer changes nothing, and neither does one that was only proposed: so whoever decides
/// whether there is room for it sees the plan before it counts. Not thread-safe; may run on any thread, apart from the media.
/// </summary>
public sealed class SessionNegotiator(NegotiatorOptions options)
{
    private const RtcpFeedback WhenReceiving = RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.CcmFir | RtcpFeedback.TransportCc;
    private const RtcpFeedback WhenSending = RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.CcmFir | RtcpFeedback.GoogRemb;

    private readonly AnswerWriter _writer = new(options) { Candidates = options.Candidates };
    private readonly HashSet<uint> _used = [];
    private SectionState[] _sections = [];
    private SectionState[]? _offered;
    private IceCredentials _local = options.Credentials;
    private string? _remoteUfrag;
    private Association? _association;
    private ulong _version;

    public IceCredentials LocalCredentials => _local;

    /// <summary>Where the client is told to send; another before the first answer, when the transport finds its place late.</summary>
    public ImmutableArray<TransportAddress> Candidates
    {
        get => _writer.Candidates;
        set => _writer.Candidates = value;
    }

    /// <summary>Answers an offer, or refuses it.</summary>
    public NegotiationOutcome Negotiate(NegotiationInput input)
    {
        NegotiationProposal proposal = Propose(input);
        return proposal.Error is { } error ? new NegotiationOutcome { Error = error } : Accept(proposal);
    }

    /// <summary>
    /// Offers first, instead of the client: a section for each track, in which we only send. The client's answer is proposed and
    /// accepted like an offer. As often as wanted, until something is accepted; the latest offer counts.
    /// </summary>
    /// <param name="tracks">At least one.</param>
    /// <exception cref="InvalidOperationException">Something was negotiated already.</exception>
    public string Offer(IReadOnlyList<OfferedTrack> tracks)
    {
        if (_association is not null)
        {
            throw new InvalidOperationException("the client offers from the first negotiation on");
        }

        SectionState[] sections = OwnOffer.Sections(tracks);
        TrackAssignment.Assign(
            sections, new Dictionary<string, SentTrack>(), [.. tracks.Select(static t => t.Track)], () => NextSource([]));
        _offered = sections;
        _version++;
        return _writer.WriteOffer(sections, _version, _local);
    }

    /// <summary>What the client's packets of a track that it publishes are in; null when it publishes no such track.</summary>
    public CodecBinding? PublishedCodec(string trackSid) =>
        Array.Find(_sections, s => s.PublishedTrack == trackSid)?.Codecs[0];

    /// <summary>The simulcast layers of a track that the client publishes, lowest first; none without simulcast.</summary>
    public ImmutableArray<string> PublishedRids(string trackSid) =>
        Array.Find(_sections, s => s.PublishedTrack == trackSid)?.SimulcastRids ?? [];

    /// <summary>The sections in which we send video, by the index of their m-lines, and the tracks that they are for.</summary>
    public IEnumerable<(int Line, string TrackSid)> SentVideo => _sections
        .Select(static (section, line) => (Section: section, Line: line))
        .Where(static s => s.Section is { Kind: MediaKind.Video, Sent: not null })
        .Select(static s => (s.Line, s.Section.Sent!.TrackSid));

    /// <summary>What an offer, or the answer to ours, would come to. As many as wanted; nothing changes until one is accepted.</summary>
    public NegotiationProposal Propose(NegotiationInput input)
    {
        if (input.IsAnswer && _offered is null)
        {
            return new NegotiationProposal
            {
                Error = new NegotiationError(NegotiationError.NotOffered, "there is no offer that waits for an answer"),
            };
        }

        if (!SdpParser.TryParse(input.Sdp, out SessionDescription? offer, out SdpError? fault))
        {
            return Refuse(fault.ToString());
        }

        SectionState[] before = input.IsAnswer ? _offered! : _sections;
        string? broken = input.IsAnswer
            ? OfferRules.CheckAnswer(offer, before)
            : OfferRules.Check(offer, [.. before.Select(static s => s.Mid)]);
        if (broken is not null)
        {
            return Refuse(broken, offer);
        }

        if (input.PublishedMids.Values.Distinct(StringComparer.Ordinal).Count() != input.PublishedMids.Count)
        {
            return Refuse("one track is published in two media sections", offer);
        }

        MediaDescription first = OfferRules.Used(offer).First();
        if (!TryAgree(offer, first, out Association? association, out string? objection))
        {
            return Refuse(objection, offer);
        }

        SectionState[] sections = [.. offer.Media.Select(m => Describe(m, input.PublishedMids))];
        HashSet<uint> offered = [.. offer.Media.SelectMany(static m => m.Ssrcs)];
        Dictionary<string, SentTrack> sentBefore = before
            .Where(s => s.Sent is { } sent && !offered.Contains(sent.Ssrc) && !offered.Contains(sent.RtxSsrc))
            .ToDictionary(static s => s.Mid, static s => s.Sent!);
        (int missingAudio, int missingVideo) = TrackAssignment.Assign(sections, sentBefore, input.Wanted, () => NextSource(offered));
        return new NegotiationProposal
        {
            Plan = Plan(sections, OfferRules.Ufrag(offer, first)!, OfferRules.Password(offer, first)!, association),
            Offer = offer,
            IsAnswer = input.IsAnswer,
            Sections = sections,
            Association = association,
            MissingAudioSections = missingAudio,
            MissingVideoSections = missingVideo,
        };
    }

    /// <summary>Answers as was proposed, or takes the client's answer, when nothing was accepted since.</summary>
    /// <param name="proposal">Without an error.</param>
    public NegotiationOutcome Accept(NegotiationProposal proposal)
    {
        PeerPlan plan = proposal.Plan!;
        bool restarted = _remoteUfrag is not null && _remoteUfrag != plan.RemoteUfrag;
        _local = restarted ? options.NextCredentials() : _local;
        _remoteUfrag = plan.RemoteUfrag;
        _association = proposal.Association;
        _sections = proposal.Sections;
        _offered = null;
        _version++;
        return new NegotiationOutcome
        {
            AnswerSdp = proposal.IsAnswer ? "" : _writer.Write(
                proposal.Offer!, _sections, _version, _local, plan.LocalRole == DtlsRole.Server ? "passive" : "active"),
            Plan = plan,
            MidToTrack = _sections.Where(static s => s.Sent is not null).ToDictionary(static s => s.Mid, static s => s.Sent!.TrackSid),
            MissingAudioSections = proposal.MissingAudioSections,
            MissingVideoSections = proposal.MissingVideoSections,
            PublishedCodecs = [.. _sections.Where(static s => s.PublishedTrack is not null)
                .Select(static s => new PublishedCodec(s.PublishedTrack!, CodecTable.MimeType(s.Codecs[0].Codec)))],
            IceRestarted = restarted,
            LocalCredentials = _local,
        };
    }

    /// <summary>New credentials of the client without an offer (RFC 9725 section 4.3.3); ours are new, too, all else stays.</summary>
    /// <param name="ufrag">4 to 256 ice-chars.</param>
    /// <param name="password">22 to 256 ice-chars.</param>
    public IceRestartOutcome RestartIce(string ufrag, string password)
    {
        if (_association is not { } association)
        {
            return new IceRestartOutcome { Error = new NegotiationError(NegotiationError.InvalidSdp, "nothing was negotiated yet") };
        }

        _local = options.NextCredentials();
        _remoteUfrag = ufrag;
        return new IceRestartOutcome
        {
            Plan = Plan(_sections, ufrag, password, association),
            LocalCredentials = _local,
            SdpFragment = _writer.WriteFragment(_sections, _local),
        };
    }

    /// <summary>
    /// The first offer settles certificate and role; a later one must keep them (RFC 8842 section 5.5 would start a new
    /// association, which a transport of ours has no keys for).
    /// </summary>
    private bool TryAgree(
        SessionDescription offer,
        MediaDescription first,
        [NotNullWhen(true)] out Association? association,
        [NotNullWhen(false)] out string? objection)
    {
        DtlsFingerprint[] known = [.. OfferRules.Fingerprints(offer, first)
            .Select(static f => DtlsFingerprint.TryParse(f, out DtlsFingerprint? parsed) ? parsed : null)
            .OfType<DtlsFingerprint>()];
        string setup = OfferRules.Setup(offer, first);
        association = _association;
        objection = null;
        if (known.Length == 0)
        {
            objection = "the description has no fingerprint of a known hash (sha-256, sha-384, sha-512)";
        }
        else if (association is null)
        {
            // RFC 5763 section 5: the answerer of actpass should be active, yet a server that is passive saves the client's
            // first flight from arriving before its answer; every browser and SFU does it this way.
            association = new Association(known[0], setup == "passive" ? DtlsRole.Client : DtlsRole.Server);
        }
        else if (!known.Contains(association.RemoteFingerprint))
        {
            objection = "the certificate fingerprint has changed; a new peer connection needs a new transport";
        }
        else if (setup == (association.LocalRole == DtlsRole.Server ? "passive" : "active"))
        {
            objection = "the DTLS role (a=setup) has changed; a new peer connection needs a new transport";
        }

        return objection is null;
    }

    private static SectionState Describe(MediaDescription media, IReadOnlyDictionary<string, string> publishedMids)
    {
        MediaKind? kind = media.Kind switch
        {
            "audio" => MediaKind.Audio,
            "video" => MediaKind.Video,
            _ => null,
        };
        if (kind is null || media.IsRejected)
        {
            return new SectionState { Offer = media.Outline() };
        }

        bool weReceive = (media.Direction & MediaDirection.SendOnly) != 0;
        bool weSend = (media.Direction & MediaDirection.RecvOnly) != 0;
        RtcpFeedback allowed = (weReceive ? WhenReceiving : 0) | (weSend ? WhenSending : 0);
        ImmutableArray<CodecBinding> codecs = CodecTable.Select(media, allowed);
        if (codecs.IsEmpty)
        {
            return new SectionState { Offer = media.Outline() };
        }

        return new SectionState
        {
            Offer = media.Outline(),
            Kind = kind,
            Codecs = codecs,
            Extensions = ExtensionTable.Select(media),
            PublishedTrack = weReceive ? publishedMids.GetValueOrDefault(media.Mid!) : null,
        };
    }

    // Never one of the client's (RFC 3550 section 8.2), nor one that was ours before: under the same keys a source's numbers
    // must not start again (RFC 3711 section 9.1).
    private uint NextSource(HashSet<uint> offered)
    {
        uint ssrc;
        do
        {
            ssrc = options.NextSsrc();
        }
        while (ssrc == 0 || offered.Contains(ssrc) || !_used.Add(ssrc));
        return ssrc;
    }

    private PeerPlan Plan(SectionState[] sections, string ufrag, string password, Association association) => new(
        ufrag,
        password,
        association.RemoteFingerprint,
        association.LocalRole,
        [.. sections.Where(static s => s.PublishedTrack is not null).Select(static s => new ReceiveSection(
            s.Mid, s.PublishedTrack!, s.Kind!.Value, s.Codecs, ExtensionTable.Ids(s.Extensions), Sources(s.Offer), s.SimulcastRids))],
        [.. sections.Where(static s => s.Sent is not null).Select(s => new SendSection(
            s.Mid, s.Sent!.TrackSid, s.Kind!.Value, s.Codecs, ExtensionTable.Ids(s.Extensions), s.Sent.Ssrc, s.Sent.RtxSsrc)
        {
            Cname = s.Sent.CnameOr(options.Cname),
        })]);

    /// <summary>Pairs each primary source with its retransmission source (<c>FID</c>, RFC 5576 section 4.2).</summary>
    private static ImmutableArray<SourceBinding> Sources(MediaDescription media)
    {
        Dictionary<uint, uint> rtxOf = media.SsrcGroups
            .Where(static g => g.Semantics == "FID" && g.Ssrcs.Count == 2)
            .GroupBy(static g => g.Ssrcs[0])
            .ToDictionary(static g => g.Key, static g => g.First().Ssrcs[1]);
        return [.. media.Ssrcs.Where(s => !rtxOf.ContainsValue(s)).Select(s => new SourceBinding(s, rtxOf.GetValueOrDefault(s)))];
    }

    private static NegotiationProposal Refuse(string message, SessionDescription? offer = null) =>
        new() { Error = new NegotiationError(NegotiationError.InvalidSdp, message), Offer = offer };
}

using System.Collections.Immutable;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>One m-line as the latest offer describes it and as the answer will; immutable, so that a refused offer changes nothing.</summary>
internal sealed record SectionState
{
    /// <summary>Its outline alone: it is kept as long as the transport.</summary>
    public required MediaDescription Offer { get; init; }

    /// <summary>Null when the section is rejected in the answer (unknown kind, port 0, no common codec).</summary>
    public MediaKind? Kind { get; init; }

    /// <summary>The track that the client sends here, null = none.</summary>
    public string? PublishedTrack { get; init; }

    /// <summary>The track that we send here, null = none.</summary>
    public SentTrack? Sent { get; init; }

    public ImmutableArray<CodecBinding> Codecs { get; init; } = [];

    public IReadOnlyList<ExtensionMap> Extensions { get; init; } = [];

    public string Mid => Offer.Mid!;

    public bool CanSend => Kind is not null && (Offer.Direction & MediaDirection.RecvOnly) != 0;

    public bool ClientSends => Kind is not null && (Offer.Direction & MediaDirection.SendOnly) != 0;

    /// <summary>Our direction, the mirror of what the offer allows and what there is to send and receive.</summary>
    public MediaDirection AnswerDirection =>
        (PublishedTrack is null ? 0 : MediaDirection.RecvOnly) | (Sent is null ? 0 : MediaDirection.SendOnly);

    /// <summary>Layers of <c>a=simulcast:send</c> that have a rid line, in the offer's order.</summary>
    public ImmutableArray<string> SimulcastRids =>
        PublishedTrack is null
            ? []
            : [.. Offer.SimulcastSend.Where(id => Offer.Rids.Any(r => r.Id == id && r.Direction == "send")).Distinct().Take(3)];
}

/// <summary>A track assigned to a section: its sources are announced in the answer and never reused for another track.</summary>
internal sealed record SentTrack(string TrackSid, string ParticipantSid, uint Ssrc, uint RtxSsrc)
{
    private const int LongestCname = 255;

    /// <summary>The publisher's clock is what its tracks share, so its sid names them; it is in <c>a=msid</c> anyway.</summary>
    public string CnameOr(string own) => ParticipantSid.Length is > 0 and <= LongestCname ? ParticipantSid : own;
}

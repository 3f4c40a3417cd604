using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Rtp;
using WantedTrack = RtcPlatform.Engine.Negotiation.WantedTrack;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>What a client wants, and what of it is published at the moment, and in which codec.</summary>
internal sealed class PublishedTracks(TransportRegister register, string room, IReadOnlyList<Media.Contracts.WantedTrack> wanted)
{
    /// <summary>As sections of an offer of ours.</summary>
    public IReadOnlyList<OfferedTrack> Offered { get; } =
        [.. wanted.Select(track => new OfferedTrack(Wanted(track), register.FindPublisher(room, SourceOf(track))?.Negotiator.PublishedCodec(SourceOf(track))))];

    /// <summary>
    /// Whether a client would get what is published: something of it, and all that it has a section for. A client that has no
    /// section for the camera has not asked for it.
    /// </summary>
    public bool AreCarriedBy(NegotiationProposal proposal)
    {
        OfferedTrack[] published = [.. Offered.Where(static track => track.Published is not null)];
        int carried = published.Count(track => proposal.Carries(track.Track.TrackSid, track.Published!));
        int sent = published.Count(track => proposal.Sends(track.Track.TrackSid));
        return proposal.Error is null && carried == sent && (sent > 0 || published.Length == 0);
    }

    public static WantedTrack Wanted(Media.Contracts.WantedTrack track) => new(track.TrackSid, KindOf(track), track.ParticipantSid);

    public static MediaKind KindOf(Media.Contracts.WantedTrack track) =>
        track.Kind == TrackKind.Video ? MediaKind.Video : MediaKind.Audio;

    public static string SourceOf(Media.Contracts.WantedTrack track) => track.Source.Length > 0 ? track.Source : track.TrackSid;
}

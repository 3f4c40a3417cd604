using System.Collections.Immutable;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;
using WantedTrack = RtcPlatform.Domain.Participants.WantedTrack;

namespace RtcPlatform.Grains.Participant;

/// <summary>From an offer to its answer, over a session's transport.</summary>
internal static class Negotiation
{
    /// <summary>
    /// Refuses, or has the node answer. The offer's number counts as used only when it was answered, so that a client may
    /// offer again under it after a failure.
    /// </summary>
    /// <param name="room">Told what the tracks are sent in; null while the participant is still entering, then it will be told of them all.</param>
    public static async Task<Outcome<AnswerResult>> Answer(Session session, OfferRecord offer, IRoomGrain? room)
    {
        if (ParticipantErrors.CheckOffer(offer) is { } malformed)
        {
            return malformed;
        }

        if (ParticipantState.CheckOffer(session.State, offer.Id, offer.Publish, session.Self.Tracks) is { } refusal)
        {
            return ParticipantErrors.Of(refusal);
        }

        if (session.Transport is not { } transport)
        {
            return MediaErrors.TransportLost;
        }

        ImmutableArray<WantedTrack> wanted = session.State.Wanted(session.Picture!);
        bool isViewer = session.Self.Watches is not null;
        Outcome<NegotiateResult> outcome = await transport.Negotiate(
            offer, isViewer ? Viewing.Sections(session) : wanted.Select(MediaTransport.ToMessage), mayCounter: isViewer);
        if (outcome.Error is not null)
        {
            return outcome.Error;
        }

        NegotiateResult result = outcome.Value!;
        var missing = new SectionCount((int)result.MissingAudioSections, (int)result.MissingVideoSections);
        SectionCount sections = OfferSections.CountReceiving(offer.Sdp, offer.Publish.Keys.ToHashSet(StringComparer.Ordinal));
        session.State = session.State.Answered(offer.Id, wanted, sections, missing);
        await TellCodecs(session, result, room);
        PauseMuted(session, offer, transport);
        bool isCounter = result.OfferSdp.Length > 0;
        return new AnswerResult(
            offer.Id, isCounter ? result.OfferSdp : result.AnswerSdp, new(result.MidToTrack), missing.Audio, missing.Video, isCounter);
    }

    private static async Task TellCodecs(Session session, NegotiateResult result, IRoomGrain? room)
    {
        foreach (PublishedCodec codec in result.Codecs)
        {
            if (TrackSid.TryParse(codec.TrackSid, out TrackSid sid)
                && session.Self.Track(sid) is { } track
                && !string.Equals(track.MimeType, codec.MimeType, StringComparison.OrdinalIgnoreCase))
            {
                session.Self = session.Self.With(track with { MimeType = codec.MimeType });
                if (room is not null)
                {
                    await room.SetTrackCodec(session.Sid.Value, codec.TrackSid, codec.MimeType);
                }
            }
        }
    }

    // A producer is made by the negotiation, and knows nothing of a mute before it.
    private static void PauseMuted(Session session, OfferRecord offer, MediaTransport transport)
    {
        foreach (RoomTrack track in session.Self.Tracks)
        {
            if (track.Muted && offer.Publish.ContainsValue(track.Sid.Value))
            {
                transport.SetPaused(track.Sid, paused: true);
            }
        }
    }
}

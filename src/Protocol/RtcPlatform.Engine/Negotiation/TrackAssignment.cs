using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>Puts wanted tracks into sections that can send: a track keeps its section, a new one takes the first free.</summary>
internal static class TrackAssignment
{
    /// <param name="previous">mid → what was sent there before.</param>
    /// <returns>Tracks that found no section, by kind.</returns>
    public static (int MissingAudio, int MissingVideo) Assign(
        SectionState[] sections,
        IReadOnlyDictionary<string, SentTrack> previous,
        IReadOnlyList<WantedTrack> wanted,
        Func<uint> nextSsrc)
    {
        var open = new Dictionary<string, WantedTrack>(StringComparer.Ordinal);
        foreach (WantedTrack track in wanted)
        {
            open.TryAdd(track.TrackSid, track);
        }

        KeepAssigned(sections, previous, open);
        int missingAudio = 0;
        int missingVideo = 0;
        foreach (WantedTrack track in wanted)
        {
            if (!open.Remove(track.TrackSid) || TryPlace(sections, track, nextSsrc))
            {
                continue;
            }

            missingAudio += track.Kind == MediaKind.Audio ? 1 : 0;
            missingVideo += track.Kind == MediaKind.Video ? 1 : 0;
        }

        return (missingAudio, missingVideo);
    }

    private static void KeepAssigned(
        SectionState[] sections, IReadOnlyDictionary<string, SentTrack> previous, Dictionary<string, WantedTrack> open)
    {
        for (int i = 0; i < sections.Length; i++)
        {
            SectionState section = sections[i];
            if (section.CanSend
                && previous.TryGetValue(section.Mid, out SentTrack? sent)
                && open.TryGetValue(sent.TrackSid, out WantedTrack? track)
                && track.Kind == section.Kind)
            {
                sections[i] = section with { Sent = sent };
                open.Remove(sent.TrackSid);
            }
        }
    }

    private static bool TryPlace(SectionState[] sections, WantedTrack track, Func<uint> nextSsrc)
    {
        for (int i = 0; i < sections.Length; i++)
        {
            SectionState section = sections[i];
            if (!section.CanSend || section.Kind != track.Kind || section.Sent is not null)
            {
                continue;
            }

            bool hasRtx = section.Codecs.Any(static c => c.RtxPayloadType != 0);
            var sent = new SentTrack(track.TrackSid, track.ParticipantSid, nextSsrc(), hasRtx ? nextSsrc() : 0);
            sections[i] = section with { Sent = sent };
            return true;
        }

        return false;
    }
}

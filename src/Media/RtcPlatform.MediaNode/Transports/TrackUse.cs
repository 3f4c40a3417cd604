using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>A track that a transport sends to us or gets from us, as far as its load goes.</summary>
/// <param name="TrackSid">The track that really flows: for a retargeted section its source.</param>
/// <param name="Slot">The track that the section was negotiated for; mostly the same.</param>
/// <param name="IsPublished">True = the client sends it.</param>
public readonly record struct TrackUse(string TrackSid, string Slot, MediaKind Kind, bool IsPublished)
{
    /// <summary>
    /// What is predicted, in packets per second: 30 pictures of 1.5 Mbit/s and their retransmissions, or frames of 20 ms. Also
    /// for a publisher's: taking a packet in costs about as much as sending one.
    /// </summary>
    public int Rate => Kind == MediaKind.Video ? 170 : 50;
}

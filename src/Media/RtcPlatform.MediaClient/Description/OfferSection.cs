using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Description;

/// <summary>One <c>m=</c> section of our offers; sections are only ever added, never moved.</summary>
/// <param name="TrackSid">The track that we send in it; null = we receive.</param>
/// <param name="Ssrc">Of what we send; 0 when we receive.</param>
/// <param name="RtxSsrc">Announced for video as browsers do; nothing is sent on it.</param>
internal sealed record OfferSection(string Mid, MediaKind Kind, string? TrackSid, uint Ssrc, uint RtxSsrc)
{
    public bool Sends => TrackSid is not null;
}

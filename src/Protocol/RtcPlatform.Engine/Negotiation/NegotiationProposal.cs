using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Engine.Sending;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>What an offer would come to, worked out and not in force. Either <see cref="Error"/> is set, or all else is.</summary>
public sealed record NegotiationProposal
{
    public NegotiationError? Error { get; init; }

    public PeerPlan? Plan { get; init; }

    /// <summary>The text is a session description (RFC 8866); what was wrong, if anything, was what it says.</summary>
    public bool IsReadable => Offer is not null;

    internal SessionDescription? Offer { get; init; }

    internal bool IsAnswer { get; init; }

    internal SectionState[] Sections { get; init; } = [];

    internal Association Association { get; init; } = null!;

    internal int MissingAudioSections { get; init; }

    internal int MissingVideoSections { get; init; }

    /// <summary>Whether a section is there for the track.</summary>
    public bool Sends(string trackSid) => Plan?.Send.Any(section => section.TrackSid == trackSid) == true;

    /// <summary>Whether a section is there for the track, in which it can be sent as it is published.</summary>
    public bool Carries(string trackSid, CodecBinding published) => Plan?.Send.Any(section =>
        section.TrackSid == trackSid && section.Codecs.Any(codec => CodecMatch.Rank(published, codec) > 0)) == true;
}

/// <summary>What the DTLS association of this peer connection was made of.</summary>
internal sealed record Association(DtlsFingerprint RemoteFingerprint, DtlsRole LocalRole);

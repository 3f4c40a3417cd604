using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>What an offer would come to, worked out and not in force. Either <see cref="Error"/> is set, or all else is.</summary>
public sealed record NegotiationProposal
{
    public NegotiationError? Error { get; init; }

    public PeerPlan? Plan { get; init; }

    internal SessionDescription Offer { get; init; } = null!;

    internal SectionState[] Sections { get; init; } = [];

    internal Association Association { get; init; } = null!;

    internal int MissingAudioSections { get; init; }

    internal int MissingVideoSections { get; init; }
}

/// <summary>What the DTLS association of this peer connection was made of.</summary>
internal sealed record Association(DtlsFingerprint RemoteFingerprint, DtlsRole LocalRole);

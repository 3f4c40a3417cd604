using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Negotiation;

/// <param name="Sdp">The client's offer, or its answer to ours.</param>
/// <param name="PublishedMids">mid → track sid; a section in which the client would send something else is answered without it.</param>
/// <param name="Wanted">All tracks the client should receive, in order of importance.</param>
public sealed record NegotiationInput(
    ulong OfferId,
    string Sdp,
    IReadOnlyDictionary<string, string> PublishedMids,
    IReadOnlyList<WantedTrack> Wanted)
{
    /// <summary>The client answers <see cref="SessionNegotiator.Offer"/>; it publishes nothing then.</summary>
    public bool IsAnswer { get; init; }
}

/// <param name="ParticipantSid">Becomes the stream id of <c>a=msid</c>, which browsers use to synchronise lips.</param>
public sealed record WantedTrack(string TrackSid, MediaKind Kind, string ParticipantSid);

/// <summary>A track that an offer of ours has a section for.</summary>
/// <param name="Published">What it is published in, which the client is asked to prefer; null = nobody publishes it now.</param>
public sealed record OfferedTrack(WantedTrack Track, CodecBinding? Published);

/// <summary>Either <see cref="Error"/> is set and nothing changed, or all else is.</summary>
public sealed record NegotiationOutcome
{
    public NegotiationError? Error { get; init; }

    /// <summary>Empty when the client answered us.</summary>
    public string AnswerSdp { get; init; } = "";

    public PeerPlan? Plan { get; init; }

    /// <summary>mid → track sid of the sections in which the client receives.</summary>
    public IReadOnlyDictionary<string, string> MidToTrack { get; init; } = new Dictionary<string, string>();

    /// <summary>Wanted audio tracks for which the offer had no receiving section.</summary>
    public int MissingAudioSections { get; init; }

    public int MissingVideoSections { get; init; }

    public IReadOnlyList<PublishedCodec> PublishedCodecs { get; init; } = [];

    /// <summary>True when the offer carried new ICE credentials; <see cref="LocalCredentials"/> are new then, too.</summary>
    public bool IceRestarted { get; init; }

    public IceCredentials LocalCredentials { get; init; }
}

/// <summary>Either <see cref="Error"/> is set and nothing changed, or all else is.</summary>
public sealed record IceRestartOutcome
{
    public NegotiationError? Error { get; init; }

    public PeerPlan? Plan { get; init; }

    public IceCredentials LocalCredentials { get; init; }

    /// <summary><c>application/trickle-ice-sdpfrag</c> (RFC 8840).</summary>
    public string SdpFragment { get; init; } = "";
}

/// <param name="MimeType">Such as <c>video/VP8</c>: what the client will send, since answers keep the offer's preference.</param>
public sealed record PublishedCodec(string TrackSid, string MimeType);

/// <summary>Why an offer was refused, in one sentence.</summary>
public sealed record NegotiationError(string Code, string Message)
{
    public const string InvalidSdp = "invalid_sdp";

    /// <summary>An answer came, and no offer of ours waits for one.</summary>
    public const string NotOffered = "not_offered";
}

using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>Who wants into the room, and with what: the same for signaling, WHIP and WHEP.</summary>
internal sealed record Entry(string RoomName, string Identity, string Name, string Metadata, GrantRecord Grants)
{
    public bool AutoSubscribe { get; init; }

    public OfferRecord? Offer { get; init; }

    public ParticipantKind Kind { get; init; }

    /// <summary>The identity that a viewer receives; empty for all others.</summary>
    public string Watches { get; init; } = string.Empty;

    /// <summary>Published by the offer, each under its mid in <see cref="OfferRecord.Publish"/>.</summary>
    public TrackRecord[] Tracks { get; init; } = [];

    /// <summary>The user fragment that the offer carries; empty where nobody asks for it.</summary>
    public string IceUfrag { get; init; } = string.Empty;

    public static Entry Of(JoinCommand command) =>
        new(command.RoomName, command.Identity, command.Name, command.Metadata, command.Grants)
        {
            AutoSubscribe = command.AutoSubscribe,
            Offer = command.Offer,
        };
}

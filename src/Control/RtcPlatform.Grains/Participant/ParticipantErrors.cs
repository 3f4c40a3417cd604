using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>Bounds on what a client may say, and the sentences for what it may not.</summary>
internal static class ParticipantErrors
{
    private const int MaxMetadataLength = 65_536;
    private const int MaxSdpLength = 524_288;
    private const int MaxPixels = 16_384;
    private const int MaxMidLength = 64;

    public static readonly SignalError NotJoined =
        new(SignalErrorCode.NotJoined, "This connection has not joined the room, or another one took its place.");

    public static readonly SignalError ResumeRefused =
        new(SignalErrorCode.ResumeRefused, "The participant is no longer there to be resumed; join again.");

    /// <summary>Without a living node the server has just restarted: the node that remembers the participant may yet come back.</summary>
    public static SignalError NothingToResume(NodeStatus[] nodes) =>
        Array.Exists(nodes, static node => node.Alive) ? ResumeRefused : RoomErrors.NoMediaNode;

    public static readonly SignalError TrackNotFound = new(SignalErrorCode.TrackNotFound, "There is no such track in the room.");

    public static readonly SignalError MayNotSubscribe =
        new(SignalErrorCode.PermissionDenied, "The token does not allow to subscribe.");

    public static readonly SignalError NoSuchSession = new(SignalErrorCode.NotJoined, "There is no such session, or it has ended.");

    public static readonly SignalError NotAnswered =
        new(SignalErrorCode.InvalidRequest, "The counter-offer is to be answered first: a PATCH of application/sdp.");

    public static readonly SignalError StaleIceSession =
        new(SignalErrorCode.StaleOffer, "The entity tag is not that of the present ICE session.");

    public static readonly SignalError TooManyEventStreams =
        new(SignalErrorCode.LimitExceeded, "The session has as many event streams as are allowed.");

    public static readonly SignalError NoCommonCodec =
        new(SignalErrorCode.InvalidSdp, "A media section offers no codec that can be forwarded.");

    public static readonly SignalError Internal = new(SignalErrorCode.Internal, "Something went wrong on our side; try again.");

    public static SignalError? CheckJoin(JoinCommand command) =>
        command.Offer?.Publish.Count > 0
            ? new SignalError(SignalErrorCode.PermissionDenied, "The first offer cannot publish: tracks are announced after the join.")
            : CheckEntry(Entry.Of(command));

    public static SignalError? CheckEntry(Entry command)
    {
        if (!RoomName.TryParse(command.RoomName, out _))
        {
            return Invalid("A room name has 1 to 256 printable characters.");
        }

        if (!ParticipantIdentity.TryParse(command.Identity, out _))
        {
            return Invalid("An identity has 1 to 256 printable characters.");
        }

        if (command.Name.Length > PrintableName.MaxLength || !PrintableName.IsPrintable(command.Name))
        {
            return Invalid("A display name has at most 256 printable characters.");
        }

        if (command.Metadata.Length > MaxMetadataLength)
        {
            return new SignalError(SignalErrorCode.TooLarge, "Metadata has at most 65,536 characters.");
        }

        return command.Offer is null ? null : CheckOffer(command.Offer);
    }

    public static SignalError? CheckOffer(OfferRecord offer) =>
        offer.Sdp.Length > MaxSdpLength ? new SignalError(SignalErrorCode.TooLarge, "The offer is larger than 512 KiB.")
        : offer.Sdp.Length == 0 ? new SignalError(SignalErrorCode.InvalidSdp, "The offer is empty.")
        : offer.Publish.Keys.Any(mid => mid.Length is 0 or > MaxMidLength) ? Invalid("A mid has 1 to 64 characters.")
        : null;

    public static SignalError? CheckPublish(PublishCommand command)
    {
        if (TrackSources.ParseKind(command.Kind) is not { } kind || TrackSources.Parse(command.Source) is not { } source)
        {
            return Invalid("The kind or the source of the track is not known.");
        }

        if (!TrackSources.Fits(source, kind))
        {
            return Invalid($"A source '{command.Source}' gives no {command.Kind}.");
        }

        if (command.Name.Length > PrintableName.MaxLength || !PrintableName.IsPrintable(command.Name))
        {
            return Invalid("A track name has at most 256 printable characters.");
        }

        return command.Width is < 0 or > MaxPixels || command.Height is < 0 or > MaxPixels
            ? Invalid("Width and height are 0 to 16,384 pixels.")
            : null;
    }

    public static SignalError Of(OfferRefusal refusal) => refusal switch
    {
        OfferRefusal.Stale => new(SignalErrorCode.StaleOffer, "A later offer was answered already; number offers upwards from 1."),
        OfferRefusal.TrackOfferedTwice => Invalid("One track is offered in two sections."),
        _ => new(SignalErrorCode.PermissionDenied, "The offer publishes a track that was not announced or is not allowed."),
    };

    private static SignalError Invalid(string message) => new(SignalErrorCode.InvalidRequest, message);
}

using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>A session that entered the room, what it found there, and the answer to the offer it brought.</summary>
internal sealed record Joined(Session Session, RoomSnapshot Room, string ResumeToken, AnswerResult? Answer);

/// <summary>
/// A join from the reservation to presence: place, transport, first answer, activation. All or nothing: whatever goes
/// wrong, by value or by exception, the transport is closed and the place given back.
/// </summary>
internal sealed class Joining(ParticipantSid sid, Entry entry, MediaPath media, IRoomGrain room)
{
    public async Task<Outcome<Joined>> Run(DateTimeOffset now)
    {
        Outcome<Admission> admission = await room.Reserve(
            new ReserveCommand(
                sid.Value, entry.Identity, entry.Name, entry.Metadata, entry.Grants, entry.Kind, entry.Watches));
        if (admission.Error is { } refused)
        {
            return refused;
        }

        (string token, byte[] tokenHash) = ResumeToken.Create();
        Session session = Admitted(admission.Value!, tokenHash, now);
        MediaTransport transport = media.New(admission.Value!.NodeId, session);
        bool done = false;
        try
        {
            Outcome<Joined> joined = await Connect(session, transport, token);
            done = joined.IsOk;
            return joined;
        }
        finally
        {
            if (!done)
            {
                transport.Close("the join failed");
                await room.Remove(sid.Value, DisconnectReason.Unknown);
            }
        }
    }

    private async Task<Outcome<Joined>> Connect(Session session, MediaTransport transport, string token)
    {
        session.Transport = transport;
        AnswerResult? answer = null;
        if (entry.Offer is null)
        {
            if (await transport.Open() is { } notOpened)
            {
                return notOpened;
            }
        }
        else
        {
            Outcome<AnswerResult> outcome = await Negotiation.Answer(session, entry.Offer, room: null);
            if (outcome.Error is not null)
            {
                return outcome.Error;
            }

            answer = outcome.Value;
            if (session.Self.Tracks.Any(static track => track.MimeType.Length == 0))
            {
                return ParticipantErrors.NoCommonCodec;
            }
        }

        Outcome<RoomSnapshot> activated = await room.Activate(sid.Value, [.. session.Self.Tracks.Select(Records.ToRecord)]);
        if (activated.Error is not null)
        {
            return activated.Error;
        }

        session.Enter(activated.Value!);
        session.Remember();
        return new Joined(session, activated.Value!, token, answer);
    }

    private Session Admitted(Admission admission, byte[] tokenHash, DateTimeOffset now)
    {
        _ = ParticipantIdentity.TryParse(entry.Identity, out ParticipantIdentity identity);
        _ = RoomName.TryParse(admission.Room.Name, out RoomName roomName);
        _ = RoomSid.TryParse(admission.Room.Sid, out RoomSid roomSid);
        RoomPicture picture = Records.ToDomain(admission.Room);
        var self = new RoomParticipant(
            sid, identity, entry.Name, entry.Metadata, now, Records.ToDomain(entry.Grants), [.. entry.Tracks.Select(Records.ToDomain).OfType<RoomTrack>()])
        {
            Kind = (Domain.Rooms.ParticipantKind)entry.Kind,
            Watches = ParticipantIdentity.TryParse(entry.Watches, out ParticipantIdentity watched) ? watched : null,
        };
        var choice = SubscriptionChoice.Default(entry.AutoSubscribe);
        return new Session(new ParticipantContext(
            roomName, roomSid, admission.Room.CreatedAt, picture.Version, self, choice, tokenHash, LastOffer: 0, entry.IceUfrag))
        {
            // Who is there under the same identity leaves at the moment this one enters.
            Picture = picture with { Participants = picture.Participants.RemoveAll(other => other.Identity == identity) },
        };
    }
}

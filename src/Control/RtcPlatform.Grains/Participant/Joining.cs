using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>The room that a participant entered, and the answer to the offer it brought.</summary>
internal sealed record Joined(RoomSnapshot Room, AnswerResult? Answer);

/// <summary>
/// The part of a join between reservation and presence: transport, first answer, activation. All or nothing: whatever goes
/// wrong, by value or by exception, the transport is closed and the place given back.
/// </summary>
internal sealed class Joining(Session session, MediaTransport transport, IRoomGrain room, string roomKey)
{
    public async Task<Outcome<Joined>> Run(OfferRecord? offer)
    {
        bool done = false;
        try
        {
            Outcome<Joined> joined = await Connect(offer);
            done = joined.IsOk;
            return joined;
        }
        finally
        {
            if (!done)
            {
                transport.Close("the join failed");
                await room.Remove(session.Sid.Value, DisconnectReason.Unknown);
            }
        }
    }

    private async Task<Outcome<Joined>> Connect(OfferRecord? offer)
    {
        if (await transport.Open(roomKey, session.Context.Write()) is { } notOpened)
        {
            return notOpened;
        }

        session.Transport = transport;
        AnswerResult? answer = null;
        if (offer is not null)
        {
            Outcome<AnswerResult> outcome = await Negotiation.Answer(session, offer, room);
            if (outcome.Error is not null)
            {
                return outcome.Error;
            }

            answer = outcome.Value;
        }

        Outcome<RoomSnapshot> activated = await room.Activate(session.Sid.Value);
        if (activated.Error is not null)
        {
            return activated.Error;
        }

        session.Enter(activated.Value!);
        transport.Remember(session.Context.Write());
        return new Joined(activated.Value!, answer);
    }
}

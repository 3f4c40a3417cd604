using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>From a participant to the media nodes: takes up, replaces and gives up the transport of a session.</summary>
internal sealed class MediaPath(IGrainFactory grains, IRoomGrain room, string roomKey, ILogger log)
{
    /// <summary>Is opened by its first use.</summary>
    public MediaTransport New(string nodeId, Session session) =>
        Make(nodeId, MediaTransport.NewId(), session.Sid, new OpenTransport
        {
            Room = roomKey,
            Context = ByteString.CopyFrom(session.Context.Write()),
        }, session.IsHttp);

    public MediaTransport Existing(string nodeId, string transportId, ParticipantSid sid) => Make(nodeId, transportId, sid, null, opensWithOffer: false);

    /// <summary>
    /// Answers a client's offer, over a new transport when it made a new peer connection. When the transport turns out to be
    /// gone, the session is without one afterwards and the client knows.
    /// </summary>
    public async Task<Outcome<AnswerResult>> Answer(Session session, OfferCommand command)
    {
        Outcome<AnswerResult> outcome = command.NewTransport
            ? await AnswerOverNewTransport(session, command.Offer)
            : await Negotiation.Answer(session, command.Offer, room);
        if (outcome.Error is { Code: SignalErrorCode.MediaNodeLost } lost && session.Transport is { } transport)
        {
            Lose(session, transport, lost.Message);
        }

        if (outcome.IsOk)
        {
            session.Remember();
        }

        return outcome;
    }

    /// <summary>News from the media node; of a transport that the session no longer uses they are ignored.</summary>
    public void Changed(Session session, string transportId, TransportStatus status, string reason)
    {
        if (session.Transport is not { } transport || !string.Equals(transport.Id, transportId, StringComparison.Ordinal))
        {
            return;
        }

        if (status is TransportStatus.Failed or TransportStatus.Closed)
        {
            Lose(session, transport, reason);
        }
        else
        {
            session.Edge?.Tell(new TransportChangedEvent(status));
        }
    }

    private MediaTransport Make(string nodeId, string transportId, ParticipantSid sid, OpenTransport? opening, bool opensWithOffer) => new(
        grains.GetGrain<IMediaNodeGrain>(nodeId),
        nodeId,
        transportId,
        opening,
        (id, reason) => ParticipantLog.RequestRefused(log, id, reason),
        exception => ParticipantLog.RequestFailed(log, sid.Value, exception))
    {
        OpensWithOffer = opensWithOffer,
    };

    private async Task<Outcome<AnswerResult>> AnswerOverNewTransport(Session session, OfferRecord offer)
    {
        session.Transport?.Close("the client made a new peer connection");
        session.Transport = null;
        session.State = session.State.WithoutTransport();
        Outcome<string> node = await room.PlaceOnNode();
        if (node.Error is not null)
        {
            return node.Error;
        }

        MediaTransport transport = New(node.Value!, session);
        session.Transport = transport;
        Outcome<AnswerResult> outcome = await Negotiation.Answer(session, offer, room);
        if (outcome.Error is not null)
        {
            session.Transport = null;
            transport.Close("the offer could not be answered");
            return outcome;
        }

        ParticipantLog.Connected(log, session.Sid.Value, transport.Id, transport.NodeId);
        return outcome;
    }

    private void Lose(Session session, MediaTransport transport, string reason)
    {
        ParticipantLog.TransportLost(log, session.Sid.Value, transport.Id, reason);
        transport.Close(reason);
        session.Transport = null;
        session.State = session.State.WithoutTransport();
        session.Edge?.Tell(new TransportLostEvent(reason));
    }
}

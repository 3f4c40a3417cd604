using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Delivery;
using RtcPlatform.Media.Contracts;
using Request = RtcPlatform.Media.Contracts.Request;
using WantedTrack = RtcPlatform.Domain.Participants.WantedTrack;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// One transport on a media node, as its participant uses it. Opening and negotiating are waited for; the rest is sent in
/// order behind.
/// </summary>
internal sealed class MediaTransport
{
    private const int Capacity = 1_000;

    private readonly IMediaNodeGrain _node;
    private readonly OrderedSender<Request> _later;
    private OpenTransport? _opening;

    /// <param name="opening">What opens it at its first use; null when it is open.</param>
    public MediaTransport(
        IMediaNodeGrain node, string nodeId, string id, OpenTransport? opening, Action<string, string> refused, Action<Exception> failed)
    {
        _node = node;
        NodeId = nodeId;
        Id = id;
        _opening = opening;
        _later = new OrderedSender<Request>(
            async request =>
            {
                Outcome<Response> outcome = await Ask(request);
                if (outcome.Error is { } error)
                {
                    refused(Id, error.Message);
                }
            },
            failed,
            Capacity);
    }

    public string Id { get; }

    public string NodeId { get; }

    /// <summary>
    /// One request opens it and has the first offer answered. For WHIP and WHEP, whose context is whole from the start; a
    /// participant by signaling is remembered by the node first.
    /// </summary>
    public bool OpensWithOffer { get; init; }

    public static string NewId() => "TP_" + Base62.Encode(RandomNumberGenerator.GetBytes(Base62.EntropyBytes), 12);

    /// <summary>Without an offer.</summary>
    public async Task<SignalError?> Open()
    {
        Outcome<Response> outcome = await Ask(new Request { OpenTransport = TakeOpening() });
        return outcome.Error;
    }

    /// <summary>Has an offer answered; the first one opens the transport.</summary>
    /// <param name="mayCounter">An offer that cannot carry what is published may be answered with one of the node's.</param>
    public async Task<Outcome<NegotiateResult>> Negotiate(
        OfferRecord offer, IEnumerable<Media.Contracts.WantedTrack> receive, bool mayCounter)
    {
        var negotiate = new Negotiate { TransportId = Id, OfferId = offer.Id, OfferSdp = offer.Sdp, MayCounter = mayCounter };
        negotiate.Publish.Add(offer.Publish);
        negotiate.Receive.Add(receive);
        if (_opening is not null && !OpensWithOffer && await Open() is { } notOpened)
        {
            return notOpened;
        }

        Outcome<Response> outcome = await Ask(
            _opening is null ? new Request { Negotiate = negotiate } : new Request { OpenTransport = TakeOpening(negotiate) });
        return outcome.Error is { } error ? error
            : outcome.Value!.Negotiate is { } result ? result
            : new SignalError(SignalErrorCode.Internal, "The media node answered without an answer.");
    }

    /// <summary>The client's answer to the node's offer.</summary>
    public async Task<SignalError?> Answered(ulong offerId, string answerSdp, IEnumerable<Media.Contracts.WantedTrack> receive)
    {
        var negotiate = new Negotiate { TransportId = Id, OfferId = offerId, AnswerSdp = answerSdp };
        negotiate.Receive.Add(receive);
        Outcome<Response> outcome = await Ask(new Request { Negotiate = negotiate });
        return outcome.Error;
    }

    /// <summary>Our side of an ICE restart without an offer, as an SDP fragment.</summary>
    public async Task<Outcome<string>> RestartIce(ulong offerId, string ufrag, string password)
    {
        Outcome<Response> outcome = await Ask(new Request
        {
            RestartIce = new RestartIce { TransportId = Id, OfferId = offerId, IceUfrag = ufrag, IcePwd = password },
        });
        return outcome.Error is { } error ? error
            : outcome.Value!.RestartIce is { } result ? result.SdpFragment
            : new SignalError(SignalErrorCode.Internal, "The media node answered without its credentials.");
    }

    /// <summary>What simulcast layers there are in the video sections that are sent.</summary>
    public async Task<Outcome<LayersResult>> DescribeLayers()
    {
        Outcome<Response> outcome = await Ask(new Request { DescribeLayers = new DescribeLayers { TransportId = Id } });
        return outcome.Error is { } error ? error : outcome.Value!.Layers ?? new LayersResult();
    }

    /// <summary>Has a video section send no layer above this one.</summary>
    /// <param name="line">Null = the first video section.</param>
    /// <param name="rid">Empty = no limit.</param>
    public async Task<SignalError?> SelectLayer(int? line, string rid)
    {
        var select = new SelectLayer { TransportId = Id, Rid = rid };
        if (line is { } index)
        {
            select.Line = (uint)index;
        }

        Outcome<Response> outcome = await Ask(new Request { SelectLayer = select });
        return outcome.Error;
    }

    public void SetPaused(TrackSid track, bool paused) => _later.TryPost(new Request
    {
        SetProducerPaused = new SetProducerPaused { TransportId = Id, TrackSid = track.Value, Paused = paused },
    });

    /// <summary>Has sections carry other tracks than they were negotiated for.</summary>
    public void Retarget(IEnumerable<Media.Contracts.WantedTrack> receive)
    {
        var retarget = new Retarget { TransportId = Id };
        retarget.Receive.Add(receive);
        _later.TryPost(new Request { Retarget = retarget });
    }

    public void Remember(byte[] context) => _later.TryPost(new Request
    {
        UpdateContext = new UpdateContext { TransportId = Id, Context = ByteString.CopyFrom(context) },
    });

    public void Close(string reason)
    {
        _later.TryPost(new Request { CloseTransport = new CloseTransport { TransportId = Id, Reason = reason } });
        _later.Complete();
    }

    public static Media.Contracts.WantedTrack ToMessage(WantedTrack wanted) => new()
    {
        TrackSid = wanted.Track.Sid.Value,
        Kind = wanted.Track.Kind == Domain.Rooms.TrackKind.Audio ? Media.Contracts.TrackKind.Audio : Media.Contracts.TrackKind.Video,
        ParticipantSid = wanted.Publisher.Value,
    };

    private OpenTransport TakeOpening(Negotiate? firstOffer = null)
    {
        OpenTransport opening = _opening ?? throw new InvalidOperationException($"the transport {Id} is open already");
        _opening = null;
        opening.TransportId = Id;
        opening.FirstOffer = firstOffer;
        return opening;
    }

    private async Task<Outcome<Response>> Ask(Request request)
    {
        request.Id = Base62.Encode(RandomNumberGenerator.GetBytes(Base62.EntropyBytes), 16);
        Outcome<byte[]> outcome = await _node.Ask(request.ToByteArray());
        if (outcome.Error is not null)
        {
            return outcome.Error;
        }

        Response response = Response.Parser.ParseFrom(outcome.Value);
        return response.Error is null ? response : MediaErrors.Of(response.Error);
    }
}

/// <summary>A media node's errors as a client reads them.</summary>
internal static class MediaErrors
{
    public static readonly SignalError TransportLost =
        new(SignalErrorCode.MediaNodeLost, "The media transport is gone; make a new peer connection and offer it as a new transport.");

    public static SignalError Of(Error error) => error.Code switch
    {
        "invalid_sdp" => new(SignalErrorCode.InvalidSdp, error.Message),
        "not_offered" => new(SignalErrorCode.AlreadyJoined, "No counter-offer waits for an answer."),
        "unknown_layer" => new(SignalErrorCode.InvalidRequest, $"{char.ToUpperInvariant(error.Message[0])}{error.Message[1..]}."),
        "stale_offer" => new(SignalErrorCode.StaleOffer, error.Message),
        "unknown_transport" => TransportLost,
        "overloaded" => new(SignalErrorCode.NoMediaNode, "The media node is overloaded; try again in a moment."),
        "no_room" => new(
            SignalErrorCode.LimitExceeded, "The media node has no room for another published track; what is connected goes on."),
        _ => new(SignalErrorCode.Internal, "The media node could not do it."),
    };
}

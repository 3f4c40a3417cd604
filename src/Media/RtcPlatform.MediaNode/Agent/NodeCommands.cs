using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;
using PublishedCodec = RtcPlatform.Media.Contracts.PublishedCodec;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>Carries out the control plane's requests. Called for one request at a time, never on a shard's thread.</summary>
/// <param name="nodeOptions">For the times of silence.</param>
/// <param name="candidates">What each shard's clients are told to send to.</param>
public sealed class NodeCommands(
    NodeOptions nodeOptions,
    ImmutableArray<Shard.Shard> shards,
    ImmutableArray<ImmutableArray<TransportAddress>> candidates,
    TransportRegister register,
    DtlsIdentity identity,
    ILogger<NodeCommands> logger)
{
    private readonly Admission _admission = new(register);
    private readonly LayerCommands _layers = new(shards, register);

    public Task<Response> CarryOutAsync(Request request) => request.CommandCase switch
    {
        Request.CommandOneofCase.OpenTransport => OpenAsync(request.OpenTransport),
        Request.CommandOneofCase.Negotiate => NegotiateAsync(request.Negotiate),
        Request.CommandOneofCase.CloseTransport => CloseAsync(request.CloseTransport),
        Request.CommandOneofCase.SetProducerPaused => SetPausedAsync(request.SetProducerPaused),
        Request.CommandOneofCase.UpdateContext => Task.FromResult(Update(request.UpdateContext)),
        Request.CommandOneofCase.Retarget => RetargetAsync(request.Retarget.TransportId, request.Retarget.Receive),
        Request.CommandOneofCase.DescribeLayers => _layers.DescribeAsync(request.DescribeLayers),
        Request.CommandOneofCase.SelectLayer => _layers.SelectAsync(request.SelectLayer),
        Request.CommandOneofCase.RestartIce => RestartIceAsync(request.RestartIce),
        _ => Task.FromResult(Refuse("internal", "this media node does not know the command")),
    };

    internal static Response Refuse(string code, string message) => new() { Error = new Error { Code = code, Message = message } };

    internal static Response Unknown(string id) => Refuse("unknown_transport", $"there is no transport {id} on this node");

    private static IceCredentials NextCredentials() =>
        new(RandomNumberGenerator.GetHexString(16, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));

    private static uint NextSsrc()
    {
        uint ssrc;
        do
        {
            ssrc = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        }
        while (ssrc == 0);
        return ssrc;
    }

    private static ulong NextNumber() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private Shard.Shard ShardOf(TransportRecord record) => shards[record.Shard];

    /// <summary>With the first offer, when there is one: all or nothing.</summary>
    private async Task<Response> OpenAsync(OpenTransport open)
    {
        Response opened = Open(open);
        if (opened.Error is not null || open.FirstOffer is null)
        {
            return opened;
        }

        Response answered = await NegotiateAsync(open.FirstOffer).ConfigureAwait(false);
        if (answered.Error is not null)
        {
            await CloseAsync(new CloseTransport { TransportId = open.TransportId, Reason = "the first offer was refused" })
                .ConfigureAwait(false);
        }

        return answered;
    }

    private Response Open(OpenTransport open)
    {
        if (open.TransportId.Length == 0 || open.Room.Length == 0)
        {
            return Refuse("internal", "a transport needs an id and a room");
        }

        int shard = register.Place(open.Room);
        IceCredentials credentials = NextCredentials();
        string cname = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var negotiator = new SessionNegotiator(new NegotiatorOptions
        {
            Credentials = credentials,
            NextCredentials = NextCredentials,
            Fingerprint = identity.Fingerprint.ToString(),
            Candidates = candidates[shard],
            NextSsrc = NextSsrc,
            Cname = cname,
            SessionId = NextNumber() >> 2,
        });
        var record = new TransportRecord(open.TransportId, open.Room, shard, negotiator) { Context = open.Context };
        if (!register.TryAdd(record))
        {
            return Refuse("internal", $"the transport {open.TransportId} is open already");
        }

        MonoTime now = MonoClock.Now;
        var options = new RtcPeerOptions
        {
            LocalUfrag = credentials.Ufrag,
            LocalPassword = credentials.Password,
            Cname = cname,
            Seed = NextNumber(),
            DisconnectedAfter = nodeOptions.DisconnectedAfter,
            FailedAfter = nodeOptions.FailedAfter,
            Tags = shards[shard].Tags,
        };
        var transport = new ShardTransport(open.TransportId, open.Room, new RtcPeer(options, now), now);
        shards[shard].Post(life => life.Open(transport));
        return new Response();
    }

    private async Task<Response> NegotiateAsync(Negotiate negotiate)
    {
        if (register.Find(negotiate.TransportId) is not { } record)
        {
            return Unknown(negotiate.TransportId);
        }

        int before = record.Shard;
        Admitted admitted = _admission.Admit(record, negotiate);
        if (admitted.Error is { } error)
        {
            return Refuse(error.Code, error.Message);
        }

        if (record.Shard != before && !await MoveAsync(record, before).ConfigureAwait(false))
        {
            return Unknown(negotiate.TransportId);
        }

        if (admitted.Offered is { } offered)
        {
            string offer = record.Negotiator.Offer(offered);
            register.Change(record, changed => changed.OfferId = negotiate.OfferId);
            TransportLog.Offered(logger, record.Id, negotiate.OfferId);
            return new Response { Negotiate = new NegotiateResult { OfferId = negotiate.OfferId, OfferSdp = offer } };
        }

        NegotiationOutcome outcome = record.Negotiator.Accept(admitted.Proposal);
        PeerPlan plan = outcome.Plan!;
        IceCredentials? restarted = outcome.IceRestarted ? outcome.LocalCredentials : null;
        if (!await ShardOf(record).AskAsync(life => life.Apply(record.Id, plan, restarted)).ConfigureAwait(false))
        {
            return Unknown(negotiate.TransportId);
        }

        if (negotiate.Receive.Any(static wanted => wanted.Source.Length > 0))
        {
            await RetargetAsync(negotiate.TransportId, negotiate.Receive).ConfigureAwait(false);
        }

        register.Change(record, changed => changed.OfferId = negotiate.OfferId);
        if (admitted.Withheld > 0)
        {
            TransportLog.Withheld(logger, record.Id, negotiate.OfferId, admitted.Withheld);
        }

        TransportLog.Negotiated(logger, record.Id, negotiate.OfferId, plan.Receive.Length, plan.Send.Length);
        return new Response { Negotiate = Describe(negotiate.OfferId, outcome) };
    }

    // Nothing was negotiated and nobody has an answer with the other port, so only the two tables notice.
    private async Task<bool> MoveAsync(TransportRecord record, int before)
    {
        record.Negotiator.Candidates = candidates[record.Shard];
        if (await shards[before].AskAsync(life => life.Release(record.Id)).ConfigureAwait(false) is not { } transport)
        {
            return false;
        }

        ShardOf(record).Post(life => life.Open(transport));
        return true;
    }

    private async Task<Response> RetargetAsync(string transportId, IEnumerable<Media.Contracts.WantedTrack> receive)
    {
        (string Slot, string TrackSid)[] sections = [.. receive.Select(static w => (w.TrackSid, w.Source.Length > 0 ? w.Source : w.TrackSid))];
        if (register.Find(transportId) is not { } record
            || !await ShardOf(record).AskAsync(life => life.Retarget(record.Id, sections)).ConfigureAwait(false))
        {
            return Unknown(transportId);
        }

        Admission.Retarget(register, record, sections);
        return new Response();
    }

    private async Task<Response> RestartIceAsync(RestartIce restart)
    {
        if (register.Find(restart.TransportId) is not { } record)
        {
            return Unknown(restart.TransportId);
        }

        IceRestartOutcome outcome = record.Negotiator.RestartIce(restart.IceUfrag, restart.IcePwd);
        if (outcome.Error is { } error)
        {
            return Refuse(error.Code, error.Message);
        }

        if (!await ShardOf(record).AskAsync(life => life.Apply(record.Id, outcome.Plan!, outcome.LocalCredentials)).ConfigureAwait(false))
        {
            return Unknown(restart.TransportId);
        }

        register.Change(record, changed => changed.OfferId = restart.OfferId);
        return new Response { RestartIce = new RestartIceResult { SdpFragment = outcome.SdpFragment } };
    }

    private static NegotiateResult Describe(ulong offerId, NegotiationOutcome outcome) => new()
    {
        OfferId = offerId,
        AnswerSdp = outcome.AnswerSdp,
        MidToTrack = { outcome.MidToTrack.ToDictionary() },
        MissingAudioSections = (uint)outcome.MissingAudioSections,
        MissingVideoSections = (uint)outcome.MissingVideoSections,
        Codecs =
        {
            outcome.PublishedCodecs.Select(static codec => new PublishedCodec { TrackSid = codec.TrackSid, MimeType = codec.MimeType }),
        },
    };

    private async Task<Response> CloseAsync(CloseTransport close)
    {
        // Closing what is closed is done: the server may ask after the node has told.
        if (register.Find(close.TransportId) is { } record)
        {
            string reason = close.Reason.Length > 0 ? close.Reason : "closed by the control plane";
            await ShardOf(record).AskAsync(life => life.Close(record.Id, reason)).ConfigureAwait(false);
        }

        return new Response();
    }

    // Answered when it is done, so that whoever muted a track knows that nothing of it leaves any more.
    private async Task<Response> SetPausedAsync(SetProducerPaused pause)
    {
        if (register.Find(pause.TransportId) is not { } record
            || !await ShardOf(record).AskAsync(life => life.SetPaused(record.Id, pause.TrackSid, pause.Paused)).ConfigureAwait(false))
        {
            return Unknown(pause.TransportId);
        }

        // The other shards of the room were told by then, and do it before this.
        foreach (int shard in register.ShardsOf(record.Room).Where(shard => shard != record.Shard))
        {
            await shards[shard].AskAsync(static _ => true).ConfigureAwait(false);
        }

        register.SetPaused(record, pause.TrackSid, pause.Paused);
        return new Response();
    }

    private Response Update(UpdateContext update)
    {
        if (register.Find(update.TransportId) is not { } record)
        {
            return Unknown(update.TransportId);
        }

        register.Change(record, changed => changed.Context = update.Context);
        return new Response();
    }
}

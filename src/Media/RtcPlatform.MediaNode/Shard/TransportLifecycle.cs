using Microsoft.Extensions.Logging;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Dtls;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>Opens, connects, times out and closes a shard's transports, and tells of it. The shard's thread only.</summary>
internal sealed class TransportLifecycle(
    Shard shard,
    UdpPort port,
    DtlsWorker dtls,
    TransportTable transports,
    ShardTotalsKeeper totals,
    ShardListener listener,
    ILogger logger)
{
    /// <summary>
    /// A transport that was never connected is closed after this time: from its opening to its first plan, since the client may
    /// have to answer an offer of ours, and from there on.
    /// </summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private BatchSink _sink = shard.Sink;

    public void Open(ShardTransport transport)
    {
        transports.Add(transport);
        transport.Pipes = shard.Pipes;
        TransportLog.Opened(logger, transport.Id, transport.Room);
    }

    /// <summary>Gives a transport away that nothing was negotiated for yet, to be opened by another shard. Null = it is gone.</summary>
    public ShardTransport? Release(string id)
    {
        if (transports.Find(id) is { } transport)
        {
            Forget(transport);
            return transport;
        }

        return null;
    }

    /// <summary>Takes over a plan. False = the transport is gone.</summary>
    public bool Apply(string id, PeerPlan plan, IceCredentials? restarted)
    {
        if (transports.Find(id) is not { } transport)
        {
            return false;
        }

        if (restarted is { } credentials)
        {
            transport.Peer.RestartIce(credentials.Ufrag, credentials.Password);
            transports.AddUfrag(transport, credentials.Ufrag);
        }

        MonoTime now = MonoClock.Now;
        if (transport.Association == 0)
        {
            transport.WaitsSince = now;
            transport.IsDtlsClient = plan.LocalRole == DtlsRole.Client;
            transport.Association = dtls.Open(
                plan.LocalRole,
                plan.RemoteFingerprint,
                (to, datagram) => port.TrySendFromAnyThread(to, datagram.Span),
                connection => HandshakeChanged(id, connection));
        }

        transport.Apply(now, plan);
        Consider(now, transport);
        return true;
    }

    /// <summary>Mutes or unmutes a track. False = the transport is gone.</summary>
    public bool SetPaused(string id, string trackSid, bool isPaused)
    {
        if (transports.Find(id) is not { } transport)
        {
            return false;
        }

        MonoTime now = MonoClock.Now;
        var output = new ForwardOutput(shard, now);
        transport.SetPaused(now, trackSid, isPaused, ref output);
        return true;
    }

    /// <summary>Has sections carry other tracks than they were negotiated for. False = the transport is gone.</summary>
    public bool Retarget(string id, IEnumerable<(string Slot, string TrackSid)> sections)
    {
        if (transports.Find(id) is not { } transport)
        {
            return false;
        }

        foreach ((string slot, string trackSid) in sections)
        {
            transport.Retarget(slot, trackSid);
        }

        return true;
    }

    /// <summary>Null = it is gone.</summary>
    public ShardTransport? Find(string id) => transports.Find(id);

    /// <summary>Closes one. False = it is closed already.</summary>
    public bool Close(string id, string reason)
    {
        if (transports.Find(id) is not { } transport)
        {
            return false;
        }

        End(transport, TransportState.Closed, reason);
        return true;
    }

    public void CloseAll(string reason)
    {
        while (!transports.All.IsEmpty)
        {
            End(transports.All[^1], TransportState.Closed, reason);
        }
    }

    /// <summary>After anything that may have changed a peer's state or deadline.</summary>
    public void Consider(MonoTime now, ShardTransport transport)
    {
        shard.Touch(transport);
        PeerState state = transport.Peer.State;
        if (state != transport.Told)
        {
            Tell(now, transport, state);
        }
    }

    /// <summary>Ends a transport that never connected.</summary>
    public void Expire(ShardTransport transport)
    {
        if (transports.Find(transport.Id) is not null)
        {
            End(transport, TransportState.Closed, "the client did not connect within 30 s");
        }
    }

    /// <summary>The first packet of a published track came.</summary>
    public void ProducerStarted(Producer producer, CodecBinding codec)
    {
        if (producer.FirstEndpoint is not ReceiveEndpoint endpoint)
        {
            return;
        }

        string kind = producer.Kind == MediaKind.Video ? "video" : "audio";
        string mimeType = $"{kind}/{NameOf(codec.Codec)}";
        TransportLog.ProducerStarted(logger, endpoint.Transport.Id, producer.TrackSid, mimeType);
        listener.ProducerStarted(endpoint.Transport.Id, producer.TrackSid, mimeType);
    }

    /// <summary>A defect was met in what a transport's datagram or deadline caused: it ends, the others go on.</summary>
    public void Break(ShardTransport? transport, Exception failure)
    {
        TransportLog.Broken(logger, transport?.Id ?? "unknown peer", failure);
        if (transport is not null && transports.Find(transport.Id) is not null)
        {
            End(transport, TransportState.Failed, "internal error of the media node");
        }
    }

    private static string NameOf(CodecName codec) => codec switch
    {
        CodecName.Opus => "opus",
        _ => codec.ToString().ToUpperInvariant(),
    };

    private void Tell(MonoTime now, ShardTransport transport, PeerState state)
    {
        transport.Told = state;
        switch (state)
        {
            case PeerState.Connected:
                string reason = transport.WasConnected ? "heard again" : $"media over {transport.Peer.SelectedAddress}";
                transport.WasConnected = true;
                Notify(transport, TransportState.Connected, reason);
                var output = new ForwardOutput(shard, now);
                transport.ResumeConsumers(now, ref output);
                break;
            case PeerState.Disconnected:
                Notify(transport, TransportState.Disconnected, "nothing heard for some seconds");
                break;
            case PeerState.Failed when !transport.WasConnected:
                End(transport, TransportState.Closed, "the client did not connect within 30 s");
                break;
            case PeerState.Failed:
                End(transport, TransportState.Failed, "the client's consent to receive has expired");
                break;
        }
    }

    private void Notify(ShardTransport transport, TransportState state, string reason)
    {
        TransportLog.Changed(logger, transport.Id, state.ToString(), reason);
        listener.TransportChanged(transport.Id, state, reason);
    }

    private void End(ShardTransport transport, TransportState state, string reason)
    {
        transport.Leave();
        SayGoodbye(transport);
        transport.Told = PeerState.Closed;
        if (transport.Association != 0)
        {
            // The goodbye leaves before close_notify makes the client discard it.
            port.Send.Flush();
            dtls.Close(transport.Association);
        }

        totals.Ended(transport);
        Forget(transport);
        transport.Peer.Dispose();
        Notify(transport, state, reason);
    }

    private void Forget(ShardTransport transport)
    {
        if (transports.Remove(transport) is { } router)
        {
            totals.Ended(router);
        }
    }

    private void SayGoodbye(ShardTransport transport)
    {
        try
        {
            transport.Peer.Close(ref _sink);
        }
        catch (Exception failure)
        {
            // A defect that ends a peer may be met again here, and must not keep it from being removed.
            TransportLog.Broken(logger, transport.Id, failure);
        }
    }

    // On the handshake thread. The keys are read there, before anything else can happen to the connection.
    private void HandshakeChanged(string id, DtlsConnection connection)
    {
        DtlsState state = connection.State;
        DtlsFailure failure = connection.Failure;
        DtlsRole role = connection.Role;
        shard.Post(life =>
        {
            try
            {
                life.FinishHandshake(id, state, failure, role, connection);
            }
            catch (Exception defect)
            {
                life.Break(transports.Find(id), defect);
            }
        });
    }

    private void FinishHandshake(string id, DtlsState state, DtlsFailure failure, DtlsRole role, DtlsConnection connection)
    {
        if (transports.Find(id) is not { } transport)
        {
            return;
        }

        switch (state)
        {
            case DtlsState.Connected when connection.Keys is { } keys:
                MonoTime now = MonoClock.Now;
                transport.Peer.SetKeys(now, keys, role);
                Consider(now, transport);
                break;
            case DtlsState.Closed:
                End(transport, TransportState.Closed, "closed by the client");
                break;
            case DtlsState.Failed:
                End(transport, TransportState.Failed, $"DTLS handshake failed: {failure}");
                break;
        }
    }
}

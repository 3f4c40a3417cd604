using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Congestion;
using RtcPlatform.Engine.Feedback;
using RtcPlatform.Engine.Ice;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine;

/// <summary>
/// One client's connection: datagrams and time in, datagrams, events and the next deadline out. It belongs to one thread and
/// knows no clock and no socket. After every call that takes a time the caller looks at <see cref="NextDeadline"/> and calls
/// <see cref="HandleTimeout"/> when it has come. No input makes it throw: what it refuses is counted in <see cref="Drops"/>.
/// </summary>
public sealed class RtcPeer : IDisposable
{
    private readonly PeerTransport _transport;
    private readonly PeerStreams _streams;
    private readonly TransportCcRegister _transportCc = new();
    private readonly RoundTripEstimator _roundTrip = new();
    private readonly RtpInput _rtpInput;
    private readonly RtcpInput _rtcpInput;
    private readonly FeedbackOutput _feedback;
    private Chance _chance;

    public RtcPeer(RtcPeerOptions options, MonoTime created)
    {
        _transport = new PeerTransport(options, created);
        _streams = new PeerStreams(_transport);
        _rtpInput = new RtpInput(_transport, _streams, _transportCc, _roundTrip);
        _rtcpInput = new RtcpInput(_transport, _streams, _roundTrip);
        _feedback = new FeedbackOutput(_transport, _streams, _transportCc, _rtpInput, _roundTrip, options, created);
        _chance = new Chance(~options.Seed);
    }

    public string LocalUfrag => _transport.Ice.Local.Ufrag;

    public string LocalPassword => _transport.Ice.Local.Password;

    public PeerState State => _transport.State;

    /// <summary>Where packets go; none before the client nominates.</summary>
    public TransportAddress SelectedAddress => _transport.Ice.Selected;

    /// <summary>Every refused datagram and every packet that could not be sent, by reason.</summary>
    public DropCounters Drops => _transport.Drops;

    public ReadOnlySpan<ReceiveStream> ReceiveStreams => _streams.Receive;

    public ReadOnlySpan<SendStream> SendStreams => _streams.Send;

    public PeerStatistics Statistics => new(
        _transport.Ice.ChecksAnswered,
        _rtpInput.PacketsReceived,
        _rtcpInput.CompoundsReceived,
        _transport.DatagramsSent,
        _transport.BytesSent,
        _roundTrip.Measured,
        _rtcpInput.RemoteEstimate);

    /// <summary>When <see cref="HandleTimeout"/> has something to do; may be early, is never late.</summary>
    public MonoTime NextDeadline => Deadline(out _);

    /// <summary>Why <see cref="NextDeadline"/> is what it is.</summary>
    public DeadlineReason NextDeadlineReason
    {
        get
        {
            Deadline(out DeadlineReason reason);
            return reason;
        }
    }

    /// <summary>
    /// Takes over what an offer and its answer agreed on. Streams that the plan names again live on; those of a changed
    /// source, or not named, are forgotten. The client's ICE credentials need no call: a lite agent only answers.
    /// </summary>
    public void Apply(MonoTime now, PeerPlan plan)
    {
        _streams.Apply(plan, ref _chance);
        if (Array.Exists(_streams.Receive, static stream => stream.UsesTransportCc))
        {
            _transportCc.Prepare();
        }

        _transport.Reconsider(now);
    }

    /// <summary>New credentials of ours; the old pair keeps working until an address is nominated with the new (RFC 8445 section 9).</summary>
    public void RestartIce(string localUfrag, string localPassword) =>
        _transport.Ice.Restart(new CheckCredentials(localUfrag, localPassword));

    /// <summary>The handshake's outcome. The caller keeps <paramref name="keys"/> and disposes them.</summary>
    public void SetKeys(MonoTime now, SrtpKeyMaterial keys, DtlsRole localRole) =>
        _transport.SetKeys(now, keys, localRole == DtlsRole.Client);

    /// <summary>Answers a STUN datagram; a nominating check selects where packets go.</summary>
    /// <returns>True when it was authentic, so that <paramref name="from"/> may be mapped to this peer.</returns>
    public bool HandleStun<TSink>(MonoTime now, in TransportAddress from, ReadOnlySpan<byte> datagram, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        DropReason reason = State == PeerState.Closed
            ? DropReason.PeerClosed
            : _transport.Ice.Handle(now, from, datagram, ref sink);
        if (reason != DropReason.None)
        {
            Drops.Count(reason);
            return false;
        }

        _transport.Heard(now);
        _transport.Reconsider(now);
        return true;
    }

    /// <summary>Decrypts an RTP datagram in place and notes it; a retransmission comes out as its original.</summary>
    /// <returns>False when there is nothing to forward; the reason is counted.</returns>
    public bool TryReceiveRtp(MonoTime now, Span<byte> datagram, out ReceivedRtp packet)
    {
        DropReason reason = _rtpInput.Receive(now, datagram, out packet);
        if (reason == DropReason.None)
        {
            return true;
        }

        Drops.Count(reason);
        return false;
    }

    /// <summary>Decrypts an RTCP datagram in place, notes what it says, and raises what concerns other peers.</summary>
    /// <returns>False when the datagram was refused; the reason is counted. Single messages of one that was taken may be, too.</returns>
    public bool HandleRtcp<TSink, TEvents>(MonoTime now, Span<byte> datagram, ref TSink sink, ref TEvents events)
        where TSink : IDatagramSink, allows ref struct
        where TEvents : IRtcpEvents, allows ref struct
    {
        return _transport.Counted(_rtcpInput.Receive(now, datagram, ref events)) == DropReason.None;
    }

    /// <summary>Asks the client for a key frame, at most twice a second; what comes sooner is joined into one later request.</summary>
    public void RequestKeyFrame<TSink>(MonoTime now, ReceiveStream stream, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct =>
        _feedback.RequestKeyFrame(now, stream, ref sink);

    /// <summary>Does what is due: consent, reports, requests for missing packets, transport-wide feedback.</summary>
    public void HandleTimeout<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (_transport.Due <= now)
        {
            _transport.Reconsider(now);
        }

        if (State != PeerState.Closed)
        {
            _feedback.SendDue(now, ref sink);
        }
    }

    /// <summary>Says goodbye and refuses everything from now on.</summary>
    public void Close<TSink>(ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        _feedback.SendGoodbye(ref sink);
        _transport.Close();
    }

    /// <summary>The stream of a track's layer (0 = lowest), or null.</summary>
    public ReceiveStream? FindReceive(string trackSid, int layerIndex = 0)
    {
        foreach (ReceiveStream stream in _streams.Receive)
        {
            if (stream.TrackSid == trackSid && stream.LayerIndex == layerIndex)
            {
                return stream;
            }
        }

        return null;
    }

    /// <summary>The stream on which a track is sent, or null.</summary>
    public SendStream? FindSend(string trackSid)
    {
        foreach (SendStream stream in _streams.Send)
        {
            if (stream.TrackSid == trackSid)
            {
                return stream;
            }
        }

        return null;
    }

    public void Dispose() => _transport.Dispose();

    private MonoTime Deadline(out DeadlineReason reason)
    {
        if (State == PeerState.Closed)
        {
            reason = DeadlineReason.None;
            return MonoTime.Never;
        }

        MonoTime soonest = _transport.Due;
        reason = DeadlineReason.Consent;
        Sooner(_feedback.ReportsDue, DeadlineReason.Report, ref soonest, ref reason);
        Sooner(_rtpInput.NacksDue, DeadlineReason.Nack, ref soonest, ref reason);
        Sooner(_transportCc.Due, DeadlineReason.TransportFeedback, ref soonest, ref reason);
        Sooner(_feedback.KeyFramesDue, DeadlineReason.KeyFrameRequest, ref soonest, ref reason);
        return soonest;
    }

    private static void Sooner(MonoTime time, DeadlineReason why, ref MonoTime soonest, ref DeadlineReason reason)
    {
        if (time < soonest)
        {
            soonest = time;
            reason = why;
        }
    }
}

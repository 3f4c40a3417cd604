using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Client;
using RtcPlatform.Engine.Ice;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Peer;

/// <summary>
/// The client's transport, sans-I/O: ICE against the server's candidate, DTLS in the role that the answer leaves to us, SRTP
/// both ways. Rule of use: after every call look at <see cref="Phase"/>, and call <see cref="HandleTimeout"/> at <see cref="NextDeadline"/>.
/// </summary>
internal sealed class ClientPeer : IDisposable
{
    private readonly IceClient _ice;
    private readonly DtlsConnection _dtls;
    private readonly CheckResponder? _responder;
    private readonly TransportAddress _remote;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private ushort _transportSequence;
    private long _undecryptable;
    private long _unexpected;

    /// <param name="localPassword">Null = only lite agents are met, which send no checks that want an answer.</param>
    public ClientPeer(
        DtlsIdentity identity, string localUfrag, ServerDescription remote, ulong seed, MonoTime now, string? localPassword = null)
    {
        _remote = remote.Candidate;
        _ice = new IceClient(
            new IceClientOptions
            {
                LocalUfrag = localUfrag,
                RemoteUfrag = remote.Ufrag,
                RemotePassword = remote.Password,
                Remote = remote.Candidate,
                Seed = seed,
            },
            now);
        _responder = localPassword is null ? null : new CheckResponder(new CheckCredentials(localUfrag, localPassword));
        _dtls = new DtlsConnection(identity, remote.Setup == "active" ? DtlsRole.Server : DtlsRole.Client, remote.Fingerprint);
    }

    public PeerPhase Phase { get; private set; }

    /// <summary>One sentence once <see cref="Phase"/> is Failed.</summary>
    public string FailureReason { get; private set; } = "";

    /// <summary>The media node's address.</summary>
    public TransportAddress Remote => _remote;

    public TimeSpan RoundTrip => _ice.RoundTrip;

    public SrtpProfile? Profile => _sender?.Profile;

    public long Undecryptable => Volatile.Read(ref _undecryptable);

    public long Unexpected => Volatile.Read(ref _unexpected);

    public MonoTime NextDeadline =>
        Phase == PeerPhase.Failed ? MonoTime.Never : MonoTime.Min(_ice.NextDeadline, _dtls.NextTimeout);

    public void HandleTimeout<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (Phase == PeerPhase.Failed)
        {
            return;
        }

        _ice.HandleTimeout(now, ref sink);
        if (_ice.State == IceClientState.Failed)
        {
            Fail(_ice.LastError == 0
                ? $"no answer to connectivity checks from {_remote}"
                : $"{_remote} refuses connectivity checks with {_ice.LastError}");
            return;
        }

        if (now >= _dtls.NextTimeout)
        {
            _dtls.HandleTimeout(now);
        }

        Flush(ref sink);
    }

    /// <param name="datagram">Decrypted in place.</param>
    /// <param name="streams">Takes what was decrypted.</param>
    public void HandleDatagram<TSink>(MonoTime now, scoped Span<byte> datagram, IPeerMedia streams, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        switch (Demux.Classify(datagram))
        {
            case DatagramKind.Stun:
                HandleStun(now, datagram, ref sink);
                break;
            case DatagramKind.Dtls:
                _dtls.HandleDatagram(now, datagram);
                break;
            case DatagramKind.Rtp when _receiver is { } receiver:
                // Nothing that DTLS would want to say follows from media.
                HandleRtp(now, datagram, receiver, streams);
                return;
            case DatagramKind.Rtcp when _receiver is { } receiver:
                HandleRtcp(now, datagram, receiver, streams);
                break;
            default:
                _unexpected++;
                break;
        }

        Flush(ref sink);
    }

    public ushort NextTransportSequence() => _transportSequence++;

    /// <summary>Once Connected.</summary>
    public void SendRtp<TSink>(
        scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> payload, ulong extendedSequence, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        Span<byte> slot = sink.Rent();
        header.CopyTo(slot);
        sink.Commit(_remote, _sender!.ProtectRtp(slot, header.Length, payload, extendedSequence));
    }

    /// <summary>Once Connected.</summary>
    public void SendRtcp<TSink>(scoped ReadOnlySpan<byte> compound, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        int length = _sender!.ProtectRtcp(sink.Rent(), compound);
        if (length > 0)
        {
            sink.Commit(_remote, length);
        }
    }

    /// <summary>Tells the other side that it is over.</summary>
    public void Close<TSink>(ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        _dtls.Close();
        Flush(ref sink);
    }

    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        _dtls.Dispose();
    }

    private void HandleStun<TSink>(MonoTime now, scoped ReadOnlySpan<byte> datagram, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!_ice.HandleStun(now, datagram))
        {
            bool answered = _responder is not null && _responder.TryAnswer(datagram, _remote, ref sink);
            _unexpected += answered ? 0 : 1;
            return;
        }

        if (Phase == PeerPhase.Checking && _ice.State == IceClientState.Connected)
        {
            Phase = PeerPhase.Handshaking;
            _dtls.Start(now);
        }
    }

    private void HandleRtp(MonoTime now, Span<byte> datagram, SrtpReceiver receiver, IPeerMedia streams)
    {
        if (!RtpHeader.TryRead(datagram, out RtpHeader header))
        {
            _unexpected++;
            return;
        }

        if (receiver.TryUnprotectRtp(datagram, header.HeaderLength, out int length, out _) != SrtpResult.Ok)
        {
            _undecryptable++;
            return;
        }

        if (!RtpPacketView.TryParse(datagram[..length], out RtpPacketView packet) || !streams.TakeRtp(now, packet))
        {
            _unexpected++;
        }
    }

    private void HandleRtcp(MonoTime now, Span<byte> datagram, SrtpReceiver receiver, IPeerMedia streams)
    {
        if (receiver.TryUnprotectRtcp(datagram, out int length) != SrtpResult.Ok)
        {
            _undecryptable++;
            return;
        }

        streams.TakeRtcp(now, datagram[..length]);
    }

    private void Flush<TSink>(ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        while (_dtls.TryTransmit(sink.Rent(), out int length))
        {
            sink.Commit(_remote, length);
        }

        if (_dtls.State == DtlsState.Connected && _sender is null)
        {
            bool isClient = _dtls.Role == DtlsRole.Client;
            _receiver = _dtls.Keys!.CreateReceiver(isClient);
            _sender = _dtls.Keys.CreateSender(isClient);
            Phase = PeerPhase.Connected;
        }
        else if (_dtls.State is DtlsState.Failed)
        {
            Fail($"the DTLS handshake failed: {_dtls.Failure}");
        }
        else if (_dtls.State is DtlsState.Closed)
        {
            Fail("the media node ended the connection");
        }
    }

    private void Fail(string reason)
    {
        FailureReason = Phase == PeerPhase.Failed ? FailureReason : reason;
        Phase = PeerPhase.Failed;
    }
}

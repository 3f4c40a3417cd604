using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Client;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>A decrypted packet as a client got it.</summary>
internal readonly ref struct HeardRtp(RtpPacketView view, ulong extendedSequence)
{
    public RtpPacketView View { get; } = view;

    public ulong ExtendedSequence { get; } = extendedSequence;
}

internal delegate void HeardRtpHandler(HeardRtp packet);

internal delegate void HeardRtcpHandler(RtcpPacketView packet);

/// <summary>A client on loopback: full ICE towards one candidate, DTLS client, SRTP both ways. The caller's thread only.</summary>
internal sealed class LoopbackClient : IDisposable
{
    private static readonly DtlsIdentity Identity = DtlsIdentity.Create(DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(16));

    private readonly byte[] _incoming = new byte[2048];
    private readonly byte[] _outgoing = new byte[2048];
    private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
    private IceClient? _ice;
    private IceClientOptions? _iceOptions;
    private DtlsConnection? _dtls;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private SocketSink _sink;

    public LoopbackClient()
    {
        Socket = Bind();
        _sink = new SocketSink(Socket);
        Offers = new OfferText(Identity.Fingerprint.ToString());
    }

    public Socket Socket { get; private set; }

    public OfferText Offers { get; }

    public HeardRtpHandler? OnRtp { get; set; }

    public HeardRtcpHandler? OnRtcp { get; set; }

    public IPEndPoint Node { get; private set; } = new(IPAddress.Loopback, 0);

    public int ChecksAnswered { get; private set; }

    public bool IsConnected => _sender is not null && _ice?.State == IceClientState.Connected;

    public DtlsState DtlsState => _dtls?.State ?? DtlsState.New;

    /// <summary>What was last sent, protected: templates for mutation.</summary>
    public Dictionary<DatagramKind, byte[]> LastSent { get; } = [];

    /// <summary>Only the first answer starts a handshake; a later one with other credentials of the node is an ICE restart.</summary>
    public void TakeAnswer(string sdp)
    {
        var answer = new AnswerText(sdp);
        if (_iceOptions?.RemoteUfrag == answer.Ufrag)
        {
            return;
        }

        Node = answer.Candidate;
        MonoTime now = MonoClock.Now;
        _iceOptions = new IceClientOptions
        {
            LocalUfrag = Offers.Ufrag,
            RemoteUfrag = answer.Ufrag,
            RemotePassword = answer.Password,
            Remote = TransportAddress.From(Node),
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
        };
        _ice = new IceClient(_iceOptions, now);
        if (_dtls is not null)
        {
            return;
        }

        Assert.True(DtlsFingerprint.TryParse(answer.Fingerprint, out DtlsFingerprint? fingerprint));
        _dtls = new DtlsConnection(Identity, DtlsRole.Client, fingerprint);
    }

    /// <summary>Handles all that has arrived and is due; waits at most a millisecond for something to arrive.</summary>
    public void Pump()
    {
        if (Socket.Poll(1_000, SelectMode.SelectRead))
        {
            while (Socket.Available > 0)
            {
                int length = Socket.ReceiveFrom(_incoming, SocketFlags.None, _from);
                Take(MonoClock.Now, _incoming.AsSpan(0, length));
            }
        }

        MonoTime now = MonoClock.Now;
        _ice?.HandleTimeout(now, ref _sink);
        if (_ice?.State == IceClientState.Connected && _dtls is { State: DtlsState.New })
        {
            _dtls.Start(now);
        }

        if (_dtls is not null && _dtls.NextTimeout <= now)
        {
            _dtls.HandleTimeout(now);
        }

        DrainDtls();
    }

    public void SendRtp(
        byte payloadType,
        ulong sequence,
        uint timestamp,
        uint ssrc,
        ReadOnlySpan<byte> payload,
        bool marker = false,
        params ReadOnlySpan<(byte Id, byte[] Value)> extensions)
    {
        var writer = new RtpHeaderWriter(_outgoing);
        writer.WriteFixed(payloadType, marker, (ushort)sequence, timestamp, ssrc);
        foreach ((byte id, byte[] value) in extensions)
        {
            writer.AddExtension(id, value);
        }

        int length = _sender!.ProtectRtp(_outgoing, writer.Finish(), payload, sequence);
        Send(DatagramKind.Rtp, _outgoing.AsSpan(0, length));
    }

    /// <summary>Goes on from another port, as after a change of networks: the node knows nothing of it until a check comes.</summary>
    public void Move()
    {
        Socket.Dispose();
        Socket = Bind();
        _sink = new SocketSink(Socket);
    }

    public void SendRtcp(ReadOnlySpan<byte> compound)
    {
        int length = _sender!.ProtectRtcp(_outgoing, compound);
        Send(DatagramKind.Rtcp, _outgoing.AsSpan(0, length));
    }

    /// <summary>A valid check of this client, as often as wanted: its answer proves that everything sent before was dispatched.</summary>
    public byte[] ValidCheck
    {
        get
        {
            var sink = new LastDatagram();
            var ice = new IceClient(_iceOptions!, MonoClock.Now);
            ice.HandleTimeout(MonoClock.Now, ref sink);
            return sink.Octets;
        }
    }

    public void CloseDtls()
    {
        _dtls!.Close();
        DrainDtls();
    }

    public override string ToString() =>
        $"{Socket.LocalEndPoint} to {Node}: ICE {_ice?.State} (error {_ice?.LastError}, {ChecksAnswered} answers), {_dtls}";

    public void Dispose()
    {
        _dtls?.Dispose();
        Socket.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 22 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private void Take(MonoTime now, Span<byte> datagram)
    {
        switch (Demux.Classify(datagram))
        {
            case DatagramKind.Stun:
                ChecksAnswered++;
                _ice?.HandleStun(now, datagram);
                break;
            case DatagramKind.Dtls:
                _dtls?.HandleDatagram(now, datagram);
                DrainDtls();
                break;
            case DatagramKind.Rtp when _receiver is not null && RtpHeader.TryRead(datagram, out RtpHeader header):
                if (_receiver.TryUnprotectRtp(datagram, header.HeaderLength, out int length, out ulong sequence) == SrtpResult.Ok
                    && RtpPacketView.TryParse(datagram[..length], out RtpPacketView view))
                {
                    OnRtp?.Invoke(new HeardRtp(view, sequence));
                }

                break;
            case DatagramKind.Rtcp when _receiver is not null:
                TakeRtcp(datagram);
                break;
        }
    }

    private void TakeRtcp(Span<byte> datagram)
    {
        if (_receiver!.TryUnprotectRtcp(datagram, out int length) != SrtpResult.Ok)
        {
            return;
        }

        var reader = new RtcpReader(datagram[..length]);
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            OnRtcp?.Invoke(packet);
        }
    }

    private void DrainDtls()
    {
        while (_dtls is not null && _dtls.TryTransmit(_outgoing, out int length))
        {
            Send(DatagramKind.Dtls, _outgoing.AsSpan(0, length));
        }

        if (_sender is null && _dtls is { State: DtlsState.Connected, Keys: { } keys })
        {
            _sender = keys.CreateSender(localIsClient: true);
            _receiver = keys.CreateReceiver(localIsClient: true);
        }
    }

    private void Send(DatagramKind kind, ReadOnlySpan<byte> datagram)
    {
        if (!LastSent.TryGetValue(kind, out byte[]? last) || last.Length != datagram.Length)
        {
            LastSent[kind] = datagram.ToArray();
        }
        else
        {
            datagram.CopyTo(last);
        }

        Socket.SendTo(datagram, Node);
    }
}

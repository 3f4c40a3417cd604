using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Client;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>A peer with a checking client beside it, so that two of them connect to each other; remembers all it was told.</summary>
internal sealed class PeerEnd : IRtcpEvents
{
    private readonly CollectingSink _sink = new();
    private readonly LossyNetwork _network;
    private readonly Dictionary<ushort, (byte[] Payload, ulong Sequence, uint Timestamp)> _sent = [];

    public PeerEnd(string name, ushort port, string remoteName, ushort remotePort, LossyNetwork network, PeerPlan plan, DtlsRole role)
    {
        _network = network;
        Name = name;
        Address = TransportAddress.FromIPv4(0x7F00_0001, port);
        Peer = new RtcPeer(Plans.Options(name, port), MonoTime.Zero);
        Peer.Apply(MonoTime.Zero, plan);
        using SrtpKeyMaterial keys = Plans.Keys();
        Peer.SetKeys(MonoTime.Zero, keys, role);
        RtcPeerOptions remote = Plans.Options(remoteName);
        Checks = new IceClient(
            new IceClientOptions
            {
                LocalUfrag = name + "client",
                RemoteUfrag = remote.LocalUfrag,
                RemotePassword = remote.LocalPassword,
                Remote = TransportAddress.FromIPv4(0x7F00_0001, remotePort),
                Seed = port,
            },
            MonoTime.Zero);
    }

    public string Name { get; }

    public TransportAddress Address { get; set; }

    public RtcPeer Peer { get; }

    public IceClient Checks { get; }

    public bool ChecksEnabled { get; set; } = true;

    public List<(ReceiveStream Stream, ulong Sequence, byte[] Payload, bool Recovered)> Received { get; } = [];

    public List<SendStream> KeyFrameRequests { get; } = [];

    public List<(ReceiveStream Stream, NtpTime Ntp, uint Rtp)> SenderReports { get; } = [];

    public List<ReceiveStream> Goodbyes { get; } = [];

    public ulong Accepted { get; private set; }

    public ulong Arrived { get; private set; }

    public MonoTime NextDeadline =>
        ChecksEnabled ? MonoTime.Min(Peer.NextDeadline, Checks.NextDeadline) : Peer.NextDeadline;

    private MonoTime Now { get; set; }

    public void HandleTimeout(MonoTime now)
    {
        CollectingSink sink = _sink;
        Peer.HandleTimeout(now, ref sink);
        if (ChecksEnabled)
        {
            Checks.HandleTimeout(now, ref sink);
        }

        Flush(now);
    }

    public void Send(MonoTime now, SendStream stream, ulong sequence, uint timestamp, byte[] payload, byte payloadType = 96)
    {
        CollectingSink sink = _sink;
        _sent[(ushort)sequence] = (payload, sequence, timestamp);
        var packet = new OutgoingRtp
        {
            Ssrc = stream.Ssrc, ExtendedSequence = sequence, Timestamp = timestamp, PayloadType = payloadType, Payload = payload,
        };
        stream.Send(now, packet, ref sink);
        Flush(now);
    }

    public void RequestKeyFrame(MonoTime now, ReceiveStream stream)
    {
        CollectingSink sink = _sink;
        Peer.RequestKeyFrame(now, stream, ref sink);
        Flush(now);
    }

    public void Close(MonoTime now)
    {
        CollectingSink sink = _sink;
        Peer.Close(ref sink);
        Flush(now);
    }

    public void Handle(MonoTime now, TransportAddress from, byte[] datagram)
    {
        Now = now;
        Arrived++;
        CollectingSink sink = _sink;
        PeerEnd self = this;
        ulong dropsBefore = Peer.Drops.Total;
        switch (Demux.Classify(datagram))
        {
            case DatagramKind.Stun when Checks.HandleStun(now, datagram):
                break;
            case DatagramKind.Stun:
                Peer.HandleStun(now, from, datagram, ref sink);
                break;
            case DatagramKind.Rtp:
                Receive(now, datagram);
                break;
            case DatagramKind.Rtcp:
                Peer.HandleRtcp(now, datagram, ref sink, ref self);
                break;
            default:
                Peer.Drops.Count(DropReason.DatagramUnknownKind);
                break;
        }

        Accepted += Peer.Drops.Total == dropsBefore ? 1u : 0;
        Flush(now);
    }

    public void OnKeyFrameRequest(SendStream stream) => KeyFrameRequests.Add(stream);

    public void OnNack(SendStream stream, ushort sequenceNumber)
    {
        if (!_sent.TryGetValue(sequenceNumber, out (byte[] Payload, ulong Sequence, uint Timestamp) sent))
        {
            return;
        }

        CollectingSink sink = _sink;
        var original = new OutgoingRtp
        {
            Ssrc = stream.Ssrc,
            ExtendedSequence = sent.Sequence,
            Timestamp = sent.Timestamp,
            PayloadType = 96,
            Payload = sent.Payload,
        };
        stream.SendAgain(Now, original, ref sink);
    }

    public void OnSenderReport(ReceiveStream stream, NtpTime ntp, uint rtpTimestamp, MonoTime now) =>
        SenderReports.Add((stream, ntp, rtpTimestamp));

    public void OnBye(ReceiveStream stream) => Goodbyes.Add(stream);

    private void Receive(MonoTime now, byte[] datagram)
    {
        if (Peer.TryReceiveRtp(now, datagram, out ReceivedRtp packet))
        {
            Received.Add((packet.Stream, packet.ExtendedSequence, packet.View.Payload.ToArray(), packet.Recovered));
        }
    }

    private void Flush(MonoTime now)
    {
        foreach ((TransportAddress to, byte[] datagram) in _sink.Sent)
        {
            _network.Send(now, Address, to, datagram);
        }

        _sink.Sent.Clear();
    }
}

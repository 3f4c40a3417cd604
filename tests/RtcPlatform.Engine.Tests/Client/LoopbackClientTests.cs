using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Client;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.Ice;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.Client;

/// <summary>A client made of <see cref="IceClient"/>, a real handshake and SRTP halves, as the doctor and the load tool have it.</summary>
public sealed class LoopbackClientTests
{
    private static readonly TransportAddress Node = TransportAddress.FromIPv4(0x7F00_0001, 7882);

    private readonly RtcPeer _peer = new(Plans.Options("node"), MonoTime.Zero);
    private readonly IceClient _checks;
    private CollectingSink _fromClient = new();
    private CollectingSink _fromNode = new();
    private MonoTime _now = MonoTime.FromMilliseconds(1);

    public LoopbackClientTests() => _checks = new IceClient(
        new IceClientOptions
        {
            LocalUfrag = "client",
            RemoteUfrag = _peer.LocalUfrag,
            RemotePassword = _peer.LocalPassword,
            Remote = Node,
            Seed = 5,
        },
        _now);

    [Fact]
    public void Checks_handshake_and_media_connect()
    {
        _peer.Apply(_now, Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 0))));
        Check();
        Assert.Equal(IceClientState.Connected, _checks.State);
        Assert.Equal(Checks.Home, _checks.MappedAddress);
        SrtpKeyMaterial clientKeys = Handshake();

        Assert.Equal(PeerState.Connected, _peer.State);
        byte[] buffer = new byte[1500];
        SrtpSender sender = clientKeys.CreateSender(localIsClient: true);
        for (ushort sequence = 0; sequence < 50; sequence++)
        {
            var writer = new RtpHeaderWriter(buffer);
            writer.WriteFixed(96, marker: true, sequence, 0, 10);
            int length = sender.ProtectRtp(buffer, writer.Finish(), new byte[100], sequence);
            Assert.True(_peer.TryReceiveRtp(_now, buffer.AsSpan(0, length), out _));
        }

        ReceiveStream stream = _peer.FindReceive(Plans.VideoTrack)!;
        Assert.Equal((50UL, 0L), (stream.Statistics.Packets, stream.Statistics.Lost));
    }

    [Fact]
    public void Consent_is_renewed_and_its_loss_is_a_failure()
    {
        Check();
        var sentAt = new List<MonoTime>();
        while (_now < MonoTime.FromMilliseconds(60_000))
        {
            _now = _checks.NextDeadline;
            sentAt.Add(_now);
            Check();
        }

        Assert.All(
            sentAt.Zip(sentAt.Skip(1), (left, right) => (right - left).TotalSeconds),
            interval => Assert.InRange(interval, 4.0, 6.0));
        while (_checks.State == IceClientState.Connected)
        {
            _now = _checks.NextDeadline;
            _checks.HandleTimeout(_now, ref _fromClient);
        }

        Assert.Equal(IceClientState.Failed, _checks.State);
        Assert.Equal(MonoTime.Never, _checks.NextDeadline);
    }

    [Fact]
    public void An_answer_under_another_password_or_transaction_is_refused()
    {
        _checks.HandleTimeout(_now, ref _fromClient);
        byte[] check = _fromClient.TakeOnly();
        _peer.HandleStun(_now, Checks.Home, check, ref _fromNode);
        byte[] answer = _fromNode.TakeOnly();
        byte[] foreign = [.. answer];
        foreign[8] ^= 1;
        Assert.False(_checks.HandleStun(_now, foreign));
        byte[] forged = [.. answer];
        forged[^20] ^= 1;
        Assert.False(_checks.HandleStun(_now, forged));
        Assert.Equal(IceClientState.Checking, _checks.State);
        Assert.True(_checks.HandleStun(_now, answer));
        Assert.Equal(IceClientState.Connected, _checks.State);
    }

    private void Check()
    {
        _checks.HandleTimeout(_now, ref _fromClient);
        Assert.True(_peer.HandleStun(_now, Checks.Home, _fromClient.TakeOnly(), ref _fromNode));
        Assert.True(_checks.HandleStun(_now, _fromNode.TakeOnly()));
    }

    /// <summary>Carries the flights of both sides until both have keys; gives the client's.</summary>
    private SrtpKeyMaterial Handshake()
    {
        using DtlsIdentity nodeIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56), [1, 2, 3, 4]);
        using DtlsIdentity clientIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56), [5, 6, 7, 8]);
        var node = new DtlsConnection(nodeIdentity, DtlsRole.Server, clientIdentity.Fingerprint);
        var client = new DtlsConnection(clientIdentity, DtlsRole.Client, nodeIdentity.Fingerprint);
        node.Start(_now);
        client.Start(_now);
        byte[] datagram = new byte[1500];
        for (int turn = 0; turn < 10 && (node.Keys is null || client.Keys is null); turn++)
        {
            while (client.TryTransmit(datagram, out int length))
            {
                Assert.Equal(DatagramKind.Dtls, Demux.Classify(datagram.AsSpan(0, length)));
                node.HandleDatagram(_now, datagram.AsSpan(0, length));
            }

            while (node.TryTransmit(datagram, out int length))
            {
                client.HandleDatagram(_now, datagram.AsSpan(0, length));
            }
        }

        _peer.SetKeys(_now, node.Keys!, node.Role);
        return client.Keys!;
    }
}

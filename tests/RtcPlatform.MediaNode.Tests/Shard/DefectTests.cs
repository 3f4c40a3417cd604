using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Client;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Dtls;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using NodeShard = RtcPlatform.MediaNode.Shard.Shard;

namespace RtcPlatform.MediaNode.Tests.Shard;

/// <summary>A real shard whose transports are made by hand, so that one of them can have a defect.</summary>
public sealed class DefectTests : IDisposable
{
    private static readonly CodecBinding Opus = new(CodecName.Opus, 111, 0, 48_000, 2, "", RtcpFeedback.None);

    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(16));
    private readonly DtlsWorker _dtls;
    private readonly NodeShard _shard;
    private readonly Channel<(string Id, TransportState State)> _told = Channel.CreateUnbounded<(string, TransportState)>();

    public DefectTests()
    {
        _dtls = new DtlsWorker(_identity);
        UdpPort port = UdpPort.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UdpPortOptions());
        var listener = new ShardListener((id, state, _) => _told.Writer.TryWrite((id, state)), (_, _, _) => { });
        _shard = new NodeShard(0, port, TimeSpan.FromMilliseconds(1), _dtls, new RoomPipes(1), listener, NullLogger<NodeShard>.Instance);
    }

    [Fact]
    public async Task A_peer_whose_timer_throws_ends_alone_and_the_timers_of_the_others_go_on()
    {
        // A CNAME has at most 255 octets: the first report, and the goodbye too, are beyond what can be written.
        ShardTransport broken = await ConnectAsync("T_broken", new string('x', 2_000));
        ShardTransport first = await ConnectAsync("T_1", "first");
        ShardTransport second = await ConnectAsync("T_2", "second");

        Assert.Equal(("T_broken", TransportState.Failed), await NextAsync());
        ulong[] before = await ReportsOfAsync(first, second);
        while (!(await ReportsOfAsync(first, second)).Zip(before).All(pair => pair.First > pair.Second))
        {
            await Task.Yield();
        }

        Assert.False(_told.Reader.TryRead(out _));
        Assert.False(await _shard.AskAsync(life => life.Close(broken.Id, "again")));
        Assert.True(await _shard.AskAsync(life => life.Close(first.Id, "the end")));
    }

    [Fact]
    public async Task A_command_that_throws_does_not_keep_the_next_from_being_carried_out()
    {
        _shard.Post(_ => throw new InvalidOperationException("a defect"));
        Assert.Equal(42, await _shard.AskAsync(_ => 42).WaitAsync(ControlledNode.Patience));
    }

    public void Dispose()
    {
        _dtls.Dispose();
        _shard.Dispose();
        _identity.Dispose();
    }

    private async Task<ShardTransport> ConnectAsync(string id, string cname)
    {
        MonoTime now = MonoClock.Now;
        var options = new RtcPeerOptions
        {
            LocalUfrag = RandomNumberGenerator.GetHexString(8), LocalPassword = "password-of-22-characters", Cname = cname, Seed = 1,
        };
        var transport = new ShardTransport(id, "project/room", new RtcPeer(options, now), now);
        var section = new SendSection("0", "TR_a", MediaKind.Audio, [Opus], default, 1_000, 0);
        transport.Peer.Apply(now, new PeerPlan(
            "remote", "remote-password-of-22-chars", _identity.Fingerprint, DtlsRole.Server, [], ImmutableArray.Create(section)));
        await _shard.AskAsync(life =>
        {
            life.Open(transport);
            using var keys = new SrtpKeyMaterial(SrtpProfile.AeadAes128Gcm, new byte[SrtpProfile.AeadAes128Gcm.ExporterLength]);
            transport.Peer.SetKeys(MonoClock.Now, keys, DtlsRole.Server);
            Nominate(transport.Peer, options);
            life.Consider(MonoClock.Now, transport);
            return true;
        }).WaitAsync(ControlledNode.Patience);
        Assert.Equal((id, TransportState.Connected), await NextAsync());
        return transport;
    }

    private static void Nominate(RtcPeer peer, RtcPeerOptions options)
    {
        MonoTime now = MonoClock.Now;
        TransportAddress client = TransportAddress.FromIPv4(0x7F00_0001, 9);
        var check = new LastDatagram();
        var ice = new IceClient(
            new IceClientOptions
            {
                LocalUfrag = "client", RemoteUfrag = options.LocalUfrag, RemotePassword = options.LocalPassword, Remote = client, Seed = 1,
            },
            now);
        ice.HandleTimeout(now, ref check);
        var answer = new LastDatagram();
        Assert.True(peer.HandleStun(now, client, check.Octets, ref answer));
        Assert.Equal(PeerState.Connected, peer.State);
    }

    private async Task<(string Id, TransportState State)> NextAsync() =>
        await _told.Reader.ReadAsync().AsTask().WaitAsync(ControlledNode.Patience);

    private Task<ulong[]> ReportsOfAsync(params ShardTransport[] transports) =>
        _shard.AskAsync(_ => transports.Select(transport => transport.Peer.Statistics.DatagramsSent).ToArray())
            .WaitAsync(ControlledNode.Patience);
}

using System.Collections.Immutable;
using RtcPlatform.Benchmarks.Srtp;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Client;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>Connected peers: ICE by real checks, SRTP by keys from seeds.</summary>
internal static class Ends
{
    public const uint Ssrc = 77;

    public static readonly CodecBinding Vp8 =
        new(CodecName.Vp8, 96, 97, 90_000, 1, "", RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.TransportCc);

    private const string Password = "password-of-22-letters";

    private static readonly HeaderExtensionIds Ids = new()
    {
        Mid = 1, Rid = 2, RepairedRid = 3, AbsSendTime = 4, TransportCc = 5, AudioLevel = 6, DependencyDescriptor = 7,
    };

    /// <summary>The server's end of a publisher.</summary>
    public static RtcPeer Publisher(SrtpProfile profile, ref SlotSink sink)
    {
        var section = new ReceiveSection("0", "TR_v", MediaKind.Video, [Vp8], Ids, [new SourceBinding(Ssrc, Ssrc + 1)], []);
        return Connect(Plan([section], []), profile, seed: 1, DtlsRole.Server, ref sink);
    }

    /// <summary>The publisher's own end.</summary>
    public static RtcPeer Client(SrtpProfile profile, ref SlotSink sink) =>
        Connect(Plan([], [Sends(Ssrc)]), profile, seed: 1, DtlsRole.Client, ref sink);

    /// <summary>The server's end of a subscriber.</summary>
    public static RtcPeer Subscriber(SrtpProfile profile, int number, SrtpTagBatch tags, ref SlotSink sink) =>
        Connect(Plan([], [Sends(1_000 + 2 * (uint)number)]), profile, 2 + number, DtlsRole.Server, ref sink, tags);

    private static SendSection Sends(uint ssrc) => new("0", "TR_v", MediaKind.Video, [Vp8], Ids, ssrc, ssrc + 1);

    private static PeerPlan Plan(ImmutableArray<ReceiveSection> receive, ImmutableArray<SendSection> send) =>
        new("remote", Password, DtlsFingerprint.OfCertificate([1]), DtlsRole.Server, receive, send);

    private static RtcPeer Connect(
        PeerPlan plan, SrtpProfile profile, int seed, DtlsRole role, ref SlotSink sink, SrtpTagBatch? tags = null)
    {
        var options = new RtcPeerOptions
        {
            LocalUfrag = $"u{seed:D4}", LocalPassword = Password, Cname = "bench", Seed = (ulong)seed, Tags = tags,
        };
        var peer = new RtcPeer(options, MonoTime.Zero);
        peer.Apply(MonoTime.Zero, plan);
        using (SrtpKeyMaterial keys = Keys.Material(profile, seed))
        {
            peer.SetKeys(MonoTime.Zero, keys, role);
        }

        var agent = new IceClient(
            new IceClientOptions
            {
                LocalUfrag = "far", RemoteUfrag = peer.LocalUfrag, RemotePassword = peer.LocalPassword,
                Remote = TransportAddress.FromIPv4(1, 1), Seed = (ulong)seed,
            },
            MonoTime.Zero);
        TransportAddress from = TransportAddress.FromIPv4(0x7F00_0001, (ushort)(20_000 + seed));
        for (int round = 0; round < 5 && peer.SelectedAddress.IsNone; round++)
        {
            agent.HandleTimeout(MonoTime.FromMilliseconds(round * 100), ref sink);
            byte[] check = sink.Last.ToArray();
            peer.HandleStun(MonoTime.Zero, from, check, ref sink);
            agent.HandleStun(MonoTime.Zero, sink.Last);
        }

        return peer.SelectedAddress.IsNone ? throw new InvalidOperationException("ICE did not nominate.") : peer;
    }
}

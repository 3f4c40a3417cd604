using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.Ice;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.Sending;

/// <summary>Packets whose tags wait for a batch are sealed under the keys that they were sent under, whatever comes in between.</summary>
public sealed class WaitingTagTests
{
    private const SrtpProfile Profile = SrtpProfile.Aes128CmHmacSha1_80;

    private readonly SrtpTagBatch _tags = new();
    private readonly RtcPeer _peer;
    private PinnedSink _sink = new(GC.AllocateArray<byte>(PinnedSink.Slots * IDatagramSink.SlotSize, pinned: true));

    public WaitingTagTests()
    {
        _peer = new RtcPeer(Plans.Options("node") with { Tags = _tags }, MonoTime.Zero);
        _peer.Apply(MonoTime.Zero, Plans.Sending(Plans.SendVideo));
        using SrtpKeyMaterial keys = Plans.Keys(Profile);
        _peer.SetKeys(MonoTime.Zero, keys, DtlsRole.Server);
        var answers = new CollectingSink();
        _peer.HandleStun(MonoTime.Zero, Checks.Home, Checks.Build(_peer.LocalUfrag, _peer.LocalPassword), ref answers);
    }

    [Fact]
    public void They_are_sealed_when_the_batch_is_completed()
    {
        Send(1);
        Send(2);
        Assert.False(Opens(1, 0), "no tag yet");
        _tags.Complete();
        Assert.True(Opens(1, 0));
        Assert.True(Opens(2, 1));
    }

    [Fact]
    public void The_end_of_the_peer_seals_them()
    {
        Send(1);
        _peer.Dispose();
        _tags.Complete();
        Assert.True(Opens(1, 0));
    }

    [Fact]
    public void New_keys_seal_those_of_the_old()
    {
        Send(1);
        using SrtpKeyMaterial others = new(Profile, new byte[Profile.ExporterLength]);
        _peer.SetKeys(MonoTime.Zero, others, DtlsRole.Server);
        _tags.Complete();
        Assert.True(Opens(1, 0));
    }

    private void Send(ulong sequence)
    {
        var packet = new OutgoingRtp { Ssrc = Plans.VideoSsrc, ExtendedSequence = sequence, PayloadType = 96, Payload = [1, 2, 3] };
        Assert.Equal(DropReason.None, _peer.FindSend(Plans.VideoTrack)!.Send(MonoTime.FromMilliseconds(1), packet, ref _sink));
    }

    private bool Opens(ushort sequence, int slot)
    {
        using SrtpKeyMaterial keys = Plans.Keys(Profile);
        using SrtpReceiver receiver = keys.CreateReceiver(localIsClient: true);
        byte[] datagram = _sink.Sent(slot);
        Assert.True(RtpHeader.TryRead(datagram, out RtpHeader header));
        bool opens = receiver.TryUnprotectRtp(datagram, header.HeaderLength, out _, out ulong found) == SrtpResult.Ok;
        Assert.True(!opens || found == sequence);
        return opens;
    }

    /// <summary>Keeps what is committed where it was written, as the node's send batch does.</summary>
    private struct PinnedSink(byte[] room) : IDatagramSink
    {
        public const int Slots = 4;

        private readonly int[] _lengths = new int[Slots];
        private int _count;

        public readonly Span<byte> Rent() => room.AsSpan(_count * IDatagramSink.SlotSize, IDatagramSink.SlotSize);

        public void Commit(in TransportAddress to, int length) => _lengths[_count++] = length;

        public readonly byte[] Sent(int slot) => room.AsSpan(slot * IDatagramSink.SlotSize, _lengths[slot]).ToArray();
    }
}

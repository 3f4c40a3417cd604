using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.Ice;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.TwoPeers;

public sealed class AllocationTests
{
    private const int WarmUp = 10_000;
    private const int Measured = 100_000;

    private readonly byte[] _payload = new byte[1100];
    private readonly byte[] _level = [0x30];
    private CountingSink _forward = new(64);
    private CountingSink _back = new(64);
    private Events _events;
    private MonoTime _now = MonoTime.FromMilliseconds(1);
    private ulong _sequence;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    public void Sending_and_receiving_rtp_allocates_nothing(SrtpProfile profile)
    {
        (RtcPeer publisher, RtcPeer subscriber) = Connect(profile);
        Run(publisher, subscriber, WarmUp, withTimers: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ulong received = Run(publisher, subscriber, Measured, withTimers: false);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((ulong)Measured, received);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Reports_requests_and_retransmissions_allocate_nothing_either()
    {
        (RtcPeer publisher, RtcPeer subscriber) = Connect(SrtpProfile.AeadAes128Gcm);
        Run(publisher, subscriber, WarmUp, withTimers: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(publisher, subscriber, Measured, withTimers: true);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        ReceiveStatistics statistics = subscriber.FindReceive(Plans.VideoTrack)!.Statistics;
        Assert.True(statistics.Recovered > 1000, $"recovered {statistics.Recovered}");
        Assert.True(publisher.Statistics.RtcpReceived > 1000, $"compounds {publisher.Statistics.RtcpReceived}");
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_peer_that_only_receives_a_track_is_made_of_less_than_eight_kilobytes()
    {
        using SrtpKeyMaterial keys = Plans.Keys(SrtpProfile.AeadAes128Gcm);
        PeerPlan plan = Plans.Sending(Plans.SendVideo);
        RtcPeerOptions options = Plans.Options("sub", 1);
        Make(options, plan, keys).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using RtcPeer peer = Make(options, plan, keys);
        long made = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(made, 1, 8 * 1024);
    }

    private static RtcPeer Make(RtcPeerOptions options, PeerPlan plan, SrtpKeyMaterial keys)
    {
        var peer = new RtcPeer(options, MonoTime.Zero);
        peer.Apply(MonoTime.Zero, plan);
        peer.SetKeys(MonoTime.Zero, keys, DtlsRole.Server);
        return peer;
    }

    private static (RtcPeer Publisher, RtcPeer Subscriber) Connect(SrtpProfile profile)
    {
        var publisher = new RtcPeer(Plans.Options("pub", 1), MonoTime.Zero);
        var subscriber = new RtcPeer(Plans.Options("sub", 2), MonoTime.Zero);
        publisher.Apply(MonoTime.Zero, Plans.Sending(Plans.SendVideo));
        subscriber.Apply(
            MonoTime.Zero, Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(Plans.VideoSsrc, Plans.VideoRtxSsrc))));
        using SrtpKeyMaterial keys = Plans.Keys(profile);
        publisher.SetKeys(MonoTime.Zero, keys, DtlsRole.Client);
        subscriber.SetKeys(MonoTime.Zero, keys, DtlsRole.Server);
        var sink = new CountingSink(4);
        foreach (RtcPeer peer in (RtcPeer[])[publisher, subscriber])
        {
            byte[] check = Checks.Build(peer.LocalUfrag, peer.LocalPassword);
            Assert.True(peer.HandleStun(MonoTime.Zero, Checks.Home, check, ref sink));
        }

        return (publisher, subscriber);
    }

    private ulong Run(RtcPeer publisher, RtcPeer subscriber, int packets, bool withTimers)
    {
        ulong received = 0;
        SendStream stream = publisher.FindSend(Plans.VideoTrack)!;
        stream.SetClockReference(_now, new NtpTime(0xE000_0000_0000_0000), 0);
        for (int index = 0; index < packets; index++)
        {
            // 1,250 packets a second; every 20th first transmission is lost when the timers may repair it.
            _now += TimeSpan.FromTicks(8000);
            Send(publisher, stream);
            for (int sent = 0; sent < _forward.Count; sent++)
            {
                bool lost = withTimers && _sequence % 20 == 0;
                received += !lost && subscriber.TryReceiveRtp(_now, _forward.Datagram(sent), out _) ? 1u : 0;
            }

            _forward.Clear();
            if (withTimers)
            {
                Tick(publisher, subscriber, stream);
            }
        }

        return received;
    }

    private void Send(RtcPeer publisher, SendStream stream)
    {
        var packet = new OutgoingRtp
        {
            Ssrc = stream.Ssrc,
            ExtendedSequence = _sequence,
            Timestamp = (uint)_sequence * 72,
            PayloadType = 96,
            Payload = _payload,
            Extensions = new ForwardedExtensions { AudioLevel = _level },
        };
        _sequence++;
        stream.Send(_now, packet, ref _forward);
    }

    private void Tick(RtcPeer publisher, RtcPeer subscriber, SendStream stream)
    {
        if (subscriber.NextDeadline <= _now)
        {
            subscriber.HandleTimeout(_now, ref _back);
        }

        for (int index = 0; index < _back.Count; index++)
        {
            _events.Requested = -1;
            publisher.HandleRtcp(_now, _back.Datagram(index), ref _forward, ref _events);
            if (_events.Requested >= 0)
            {
                SendAgain(publisher, stream);
            }
        }

        _back.Clear();
        if (publisher.NextDeadline <= _now)
        {
            publisher.HandleTimeout(_now, ref _forward);
        }

        for (int index = 0; index < _forward.Count; index++)
        {
            Span<byte> datagram = _forward.Datagram(index);
            if (Demux.Classify(datagram) == DatagramKind.Rtcp)
            {
                subscriber.HandleRtcp(_now, datagram, ref _back, ref _events);
            }
            else
            {
                subscriber.TryReceiveRtp(_now, datagram, out _);
            }
        }

        _forward.Clear();
        _back.Clear();
    }

    private void SendAgain(RtcPeer publisher, SendStream stream)
    {
        var original = new OutgoingRtp
        {
            Ssrc = stream.Ssrc,
            ExtendedSequence = (_sequence & ~0xFFFFUL) | (ushort)_events.Requested,
            PayloadType = 96,
            Payload = _payload,
        };
        stream.SendAgain(_now, original, ref _forward);
    }

    private struct Events : IRtcpEvents
    {
        public int Requested;

        public readonly void OnKeyFrameRequest(SendStream stream)
        {
        }

        public void OnNack(SendStream stream, ushort sequenceNumber) => Requested = sequenceNumber;

        public readonly void OnSenderReport(ReceiveStream stream, NtpTime ntp, uint rtpTimestamp, MonoTime now)
        {
        }

        public readonly void OnBye(ReceiveStream stream)
        {
        }
    }
}

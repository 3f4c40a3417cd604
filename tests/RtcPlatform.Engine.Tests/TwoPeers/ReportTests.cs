using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.TwoPeers;

public sealed class ReportTests
{
    private static readonly NtpTime PublisherClock = new(0xE000_0000_8000_0000);

    [Fact]
    public void Sender_reports_run_the_publishers_clock_on()
    {
        Call call = Call.Video(1).Connected();
        SendStream stream = call.Publisher.Peer.FindSend(Plans.VideoTrack)!;
        MonoTime at = call.Now;
        stream.SetClockReference(at, PublisherClock, 5000);
        Play(call, stream, 100);
        call.RunFor(TimeSpan.FromSeconds(3));

        Assert.True(call.Subscriber.SenderReports.Count >= 2);
        foreach ((ReceiveStream _, NtpTime ntp, uint rtp) in call.Subscriber.SenderReports)
        {
            double seconds = (ntp.Value - PublisherClock.Value) / 4_294_967_296.0;
            Assert.Equal(seconds * 90_000, rtp - 5000.0, 2.0);
        }
    }

    [Fact]
    public void Peers_report_apart_from_each_other_yet_at_common_instants()
    {
        TimeSpan grid = TimeSpan.FromMilliseconds(25);
        var instants = new HashSet<MonoTime>();
        for (ulong seed = 1; seed <= 100; seed++)
        {
            using var peer = new RtcPeer(Plans.Options("node", seed), MonoTime.FromMilliseconds(3));
            for (int report = 0; report < 5; report++)
            {
                Assert.Equal(DeadlineReason.Report, peer.NextDeadlineReason);
                MonoTime due = peer.NextDeadline;
                Assert.Equal(due, due.OnGrid(grid));
                instants.Add(due);
                var sink = new CollectingSink();
                peer.HandleTimeout(due, ref sink);
                Assert.InRange(peer.NextDeadline - due, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1_500) + grid);
            }
        }

        Assert.InRange(instants.Count, 100, 280);
    }

    [Fact]
    public void Without_a_clock_reference_no_sender_report_is_sent()
    {
        Call call = Call.Video(1).Connected();
        Play(call, call.Publisher.Peer.FindSend(Plans.VideoTrack)!, 100);
        call.RunFor(TimeSpan.FromSeconds(3));

        Assert.Empty(call.Subscriber.SenderReports);
    }

    [Fact]
    public void Loss_is_reported_to_the_sender()
    {
        Call call = new(3, Plans.Sending(Plans.SendAudio), Plans.Receiving(Plans.ReceiveAudio(new SourceBinding(Plans.AudioSsrc, 0))));
        call.Connected();
        SendStream stream = call.Publisher.Peer.FindSend(Plans.AudioTrack)!;
        for (ulong sequence = 0; sequence < 400; sequence++)
        {
            if (sequence % 4 != 1)
            {
                call.Publisher.Send(call.Now, stream, sequence, (uint)sequence * 960, new byte[80], Plans.Opus.PayloadType);
            }

            call.RunFor(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(stream.Statistics.RemoteFractionLost, 50, 78);
        Assert.InRange(stream.Statistics.RemoteLost, 80, 100);
        Assert.True(stream.HasBeenReported);
        Assert.Equal(0UL, call.Subscriber.Peer.FindReceive(Plans.AudioTrack)!.Statistics.NacksSent);
    }

    [Fact]
    public void Loss_that_retransmissions_repaired_is_reported_too()
    {
        var client = new RawClient(Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20))));
        for (ulong sequence = 0; sequence < 100; sequence++)
        {
            if (sequence % 4 == 1)
            {
                client.Send(20, sequence, 97, [0, (byte)sequence, 1], out _);
            }
            else
            {
                client.Send(10, sequence, 96, [1], out _);
            }
        }

        ReportBlock block = Assert.Single(BlocksOf(client.RunUntil(client.Now + TimeSpan.FromSeconds(2)))[..1]);
        Assert.Equal((10u, (byte)64, 25, 99u), (block.Ssrc, block.FractionLost, block.CumulativeLost, block.HighestSequence));
        Assert.Equal(100UL, client.Peer.FindReceive(Plans.VideoTrack)!.Statistics.Packets);
    }

    [Fact]
    public void Sources_of_one_publisher_have_one_name_and_the_relation_of_its_clocks()
    {
        var client = new RawClient(Plans.Sending(
            Plans.SendVideo with { Cname = "PA_1" },
            Plans.SendAudio with { Cname = "PA_1" },
            Plans.SendAudio with { Mid = "2", TrackSid = "TR_else", Ssrc = 99, Cname = "PA_2" }));
        var sink = new CollectingSink();
        MonoTime sampled = client.Now;
        foreach (SendStream stream in client.Peer.SendStreams)
        {
            // The reports of one publisher arrive apart; both say what its clocks read at a moment before.
            sampled += TimeSpan.FromMilliseconds(7);
            ulong at = PublisherClock.Value + (ulong)((sampled - MonoTime.Zero).TotalSeconds * 4_294_967_296.0);
            int rate = stream.Kind == MediaKind.Video ? 90_000 : 48_000;
            stream.SetClockReference(sampled, new NtpTime(at), (uint)((sampled - MonoTime.Zero).TotalSeconds * rate));
            var packet = new OutgoingRtp { Ssrc = stream.Ssrc, ExtendedSequence = 1, PayloadType = stream.Kind == MediaKind.Video ? (byte)96 : (byte)111 };
            stream.Send(client.Now, packet, ref sink);
        }

        Dictionary<uint, string> names = [];
        Dictionary<uint, double> captured = [];
        foreach (byte[] compound in client.RunUntil(client.Now + TimeSpan.FromSeconds(2)))
        {
            Read(compound, names, captured);
        }

        Assert.Equal(
            [(99u, "PA_2"), (Plans.VideoSsrc, "PA_1"), (Plans.AudioSsrc, "PA_1")],
            names.Where(pair => captured.ContainsKey(pair.Key)).Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key));

        // What was sampled together is played together: to a tick of the slower clock.
        Assert.Equal(captured[Plans.VideoSsrc], captured[Plans.AudioSsrc], 1.0 / 24_000);
    }

    [Fact]
    public void Key_frame_requests_are_throttled_and_joined()
    {
        Call call = Call.Video(1).Connected();
        Play(call, call.Publisher.Peer.FindSend(Plans.VideoTrack)!, 5);
        ReceiveStream stream = call.Subscriber.Peer.FindReceive(Plans.VideoTrack)!;
        for (int request = 0; request < 10; request++)
        {
            call.Subscriber.RequestKeyFrame(call.Now, stream);
        }

        call.RunFor(TimeSpan.FromMilliseconds(400));
        Assert.Single(call.Publisher.KeyFrameRequests);
        call.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(2, call.Publisher.KeyFrameRequests.Count);
    }

    [Fact]
    public void A_key_frame_cancels_the_waiting_request()
    {
        Call call = Call.Video(1).Connected();
        ReceiveStream stream = call.Subscriber.Peer.FindReceive(Plans.VideoTrack)!;
        call.Subscriber.RequestKeyFrame(call.Now, stream);
        call.Subscriber.RequestKeyFrame(call.Now, stream);
        stream.KeyFrameSeen();
        call.RunFor(TimeSpan.FromSeconds(5));

        Assert.Single(call.Publisher.KeyFrameRequests);
    }

    [Fact]
    public void Closing_says_goodbye_and_refuses_what_follows()
    {
        Call call = Call.Video(1).Connected();
        call.Publisher.Close(call.Now);
        call.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(Plans.VideoTrack, Assert.Single(call.Subscriber.Goodbyes).TrackSid);
        Assert.Equal(PeerState.Closed, call.Publisher.Peer.State);
        Assert.Equal(MonoTime.Never, call.Publisher.Peer.NextDeadline);
    }

    private static List<ReportBlock> BlocksOf(List<byte[]> compounds)
    {
        var found = new List<ReportBlock>();
        foreach (byte[] compound in compounds)
        {
            var reader = new RtcpReader(compound);
            while (reader.TryReadNext(out RtcpPacketView packet))
            {
                if (ReceiverReport.TryRead(packet, out _, out ReportBlocks blocks) && blocks.Count > 0)
                {
                    found.Add(blocks[0]);
                }
            }
        }

        return found;
    }

    /// <summary>Names by source, and the publisher's time of RTP timestamp 0 by source.</summary>
    private static void Read(byte[] compound, Dictionary<uint, string> names, Dictionary<uint, double> captured)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            if (SenderReport.TryRead(packet, out SenderReport report, out _))
            {
                int rate = report.SenderSsrc == Plans.VideoSsrc ? 90_000 : 48_000;
                double seconds = (report.NtpTime.Value - PublisherClock.Value) / 4_294_967_296.0;
                captured[report.SenderSsrc] = seconds - (report.RtpTimestamp / (double)rate);
            }
            else if (SourceDescription.TryRead(packet, out SourceDescriptionReader items))
            {
                while (items.MoveNext())
                {
                    names[items.Ssrc] = System.Text.Encoding.UTF8.GetString(items.Value);
                }
            }
        }
    }

    private static void Play(Call call, SendStream stream, int packets)
    {
        for (ulong sequence = 0; sequence < (ulong)packets; sequence++)
        {
            call.Publisher.Send(call.Now, stream, sequence, (uint)sequence * 3000, new byte[500]);
            call.RunFor(TimeSpan.FromMilliseconds(33));
        }
    }
}

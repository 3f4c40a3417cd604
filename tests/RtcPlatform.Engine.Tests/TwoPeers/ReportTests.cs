using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;

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

    private static void Play(Call call, SendStream stream, int packets)
    {
        for (ulong sequence = 0; sequence < (ulong)packets; sequence++)
        {
            call.Publisher.Send(call.Now, stream, sequence, (uint)sequence * 3000, new byte[500]);
            call.RunFor(TimeSpan.FromMilliseconds(33));
        }
    }
}

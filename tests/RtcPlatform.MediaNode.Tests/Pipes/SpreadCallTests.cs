using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Call;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Pipes;

/// <summary>What a subscriber on another shard than its publisher gets: the same as one beside it.</summary>
public sealed class SpreadCallTests
{
    [Fact]
    public async Task Payloads_arrive_whole_and_in_order_on_both_shards_and_are_counted_once()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        var far = new List<(uint Ssrc, ulong Sequence, uint Number)>();
        var near = new List<uint>();
        room.Far.OnRtp = packet => far.Add((packet.View.Ssrc, packet.ExtendedSequence, TestPayload.Read(packet.View.Payload)));
        room.Near.OnRtp = packet => near.Add(TestPayload.Read(packet.View.Payload));
        ForwardedCallTests.SendVideo(room.Publisher, 0, 300, keyEvery: 300);
        room.Pump(() => far.Count == 300 && near.Count == 300);

        Assert.Equal(Enumerable.Range(0, 300).Select(number => (uint)number), far.Select(packet => packet.Number));
        Assert.Equal(far.Select(packet => packet.Number), near);
        Assert.All(far, packet => Assert.Equal(room.Sources.Video, packet.Ssrc));
        Assert.Equal(
            Enumerable.Range(0, 300).Select(number => far[0].Sequence + (ulong)number), far.Select(packet => packet.Sequence));
        room.AwaitCounters();
        Assert.Equal((300UL, 300UL, 300UL, 0UL), (
            room.Home.PacketsReceived, room.Home.PacketsForwarded, room.Home.PacketsRelayed, room.Home.PacketsPiped));
        Assert.Equal((0UL, 300UL, 0UL, 300UL), (
            room.Other.PacketsReceived, room.Other.PacketsForwarded, room.Other.PacketsRelayed, room.Other.PacketsPiped));
    }

    [Fact]
    public async Task Audio_arrives_with_its_level()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        var heard = new List<(byte Level, byte Payload)>();
        room.Far.OnRtp = packet =>
        {
            Assert.True(packet.View.TryGetExtension(OfferText.ReceivedLevelId, out ReadOnlySpan<byte> level));
            heard.Add((level[0], packet.View.Payload[0]));
        };
        for (byte number = 0; number < 50; number++)
        {
            room.Publisher.SendRtp(
                OfferText.Opus, number, number * 960U, OfferText.AudioSsrc, [number, 1, 2, 3], marker: false,
                (OfferText.PublishedLevelId, [(byte)(0x80 | number)]));
        }

        room.Pump(() => heard.Count == 50);
        Assert.Equal(Enumerable.Range(0, 50).Select(number => ((byte)(0x80 | number), (byte)number)), heard);
    }

    [Fact]
    public async Task A_NACK_is_answered_by_the_subscribers_own_shard()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        var original = new List<(ushort Sequence, uint Number)>();
        var resent = new List<(ushort Original, uint Number)>();
        room.Far.OnRtp = packet =>
        {
            ReadOnlySpan<byte> payload = packet.View.Payload;
            if (packet.View.Ssrc == room.Sources.Rtx)
            {
                resent.Add(((ushort)((payload[0] << 8) | payload[1]), TestPayload.Read(payload[2..])));
            }
            else
            {
                original.Add((packet.View.SequenceNumber, TestPayload.Read(payload)));
            }
        };
        ForwardedCallTests.SendVideo(room.Publisher, 0, 50, keyEvery: 50);
        room.Pump(() => original.Count == 50);

        byte[] nack = new byte[64];
        int length = GenericNack.Write(nack, 77, room.Sources.Video, [original[20].Sequence, original[33].Sequence], out _);
        room.Far.SendRtcp(nack.AsSpan(0, length));
        room.Pump(() => resent.Count == 2);

        Assert.Equal([(original[20].Sequence, 20U), (original[33].Sequence, 33U)], resent.OrderBy(packet => packet.Number));
        room.AwaitCounters();
        Assert.Equal((0UL, 2UL), (room.Home.Resent, room.Other.Resent));
    }

    [Fact]
    public async Task A_lost_picture_is_asked_of_the_publisher_until_a_key_frame_comes()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        int heard = 0;
        var requests = new List<uint>();
        room.Far.OnRtp = _ => heard++;
        room.Publisher.OnRtcp = packet =>
        {
            if (PictureLoss.TryRead(packet, out _, out uint ssrc))
            {
                requests.Add(ssrc);
            }
        };
        ForwardedCallTests.SendVideo(room.Publisher, 0, 10, keyEvery: 10);
        room.Pump(() => heard == 10);
        byte[] pli = new byte[PictureLoss.Length];
        PictureLoss.Write(pli, 77, room.Sources.Video);
        int before = requests.Count;

        room.Far.SendRtcp(pli);
        room.Pump(() => requests.Count >= before + 3);
        Assert.All(requests, ssrc => Assert.Equal(OfferText.VideoSsrc, ssrc));

        ForwardedCallTests.SendVideo(room.Publisher, 10, 1, keyEvery: 1);
        room.Pump(() => heard == 11);
        room.AwaitCounters();
        ulong asked = room.Home.KeyFrameRequests + room.Other.KeyFrameRequests;
        room.AwaitCounters();
        Assert.Equal(asked, room.Home.KeyFrameRequests + room.Other.KeyFrameRequests);
    }

    [Fact]
    public async Task Who_comes_late_starts_with_a_key_frame_that_is_asked_for()
    {
        int nearHeard = 0;
        await using SpreadRoom room = await SpreadRoom.StartAsync(before: (node, publisher, near) =>
        {
            near.OnRtp = _ => nearHeard++;
            ForwardedCallTests.SendVideo(publisher, 0, 10, keyEvery: 10);
            node.Pump(() => nearHeard == 10, publisher, near);
        });
        var heard = new List<uint>();
        int requests = 0;
        room.Far.OnRtp = packet => heard.Add(TestPayload.Read(packet.View.Payload));
        room.Publisher.OnRtcp = packet => requests += PictureLoss.TryRead(packet, out _, out _) ? 1 : 0;
        ForwardedCallTests.SendVideo(room.Publisher, 11, 5, keyEvery: 1_000);
        room.Pump(() => requests > 0);
        Assert.Empty(heard);
        ForwardedCallTests.SendVideo(room.Publisher, 16, 1, keyEvery: 1);
        room.Pump(() => heard.Count == 1);
        Assert.Equal(16U, heard[0]);
    }

    [Fact]
    public async Task Muting_is_done_on_all_shards_when_it_is_answered_and_unmuting_asks_for_a_key_frame()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        var heard = new List<uint>();
        int requests = 0;
        room.Far.OnRtp = packet => heard.Add(TestPayload.Read(packet.View.Payload));
        room.Publisher.OnRtcp = packet => requests += PictureLoss.TryRead(packet, out _, out _) ? 1 : 0;
        ForwardedCallTests.SendVideo(room.Publisher, 0, 10, keyEvery: 10);
        room.Pump(() => heard.Count == 10);

        await SetPausedAsync(room, true);
        ForwardedCallTests.SendVideo(room.Publisher, 10, 10, keyEvery: 10);
        room.Pump(() => room.Dropped(DropReason.ProducerPaused) == 20);
        Assert.Equal(10, heard.Count);

        int before = requests;
        await SetPausedAsync(room, false);
        room.Pump(() => requests > before);
        ForwardedCallTests.SendVideo(room.Publisher, 20, 1, keyEvery: 1);
        room.Pump(() => heard.Count == 11);
        Assert.Equal(20U, heard[^1]);
    }

    [Fact]
    public async Task A_publisher_that_leaves_ends_and_one_that_comes_again_goes_on_in_the_same_stream()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        var heard = new List<ulong>();
        room.Far.OnRtp = packet => heard.Add(packet.ExtendedSequence);
        ForwardedCallTests.SendVideo(room.Publisher, 0, 10, keyEvery: 10);
        room.Pump(() => heard.Count == 10);

        Response closed = await room.Node.Server.SendAsync(
            new Request { CloseTransport = new CloseTransport { TransportId = "T_pub" } });
        Assert.Null(closed.Error);
        await SpreadRoom.SettleAsync(room.Node);
        room.AwaitCounters();
        Assert.Equal((0U, 0U), (room.Home.Producers, room.Other.Producers));

        using LoopbackClient again = await room.Node.PublisherAsync("T_again");
        await SpreadRoom.SettleAsync(room.Node);
        ForwardedCallTests.SendVideo(again, 10, 10, keyEvery: 10);
        room.Node.Pump(() => heard.Count == 20, again, room.Far, room.Near);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => heard[0] + (ulong)number), heard);
    }

    [Fact]
    public async Task A_subscriber_that_leaves_ends_the_pipe()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync();
        int heard = 0;
        room.Near.OnRtp = _ => heard++;
        await room.Node.Server.SendAsync(new Request { CloseTransport = new CloseTransport { TransportId = "T_far" } });
        await SpreadRoom.SettleAsync(room.Node);
        ForwardedCallTests.SendVideo(room.Publisher, 0, 10, keyEvery: 10);
        room.Pump(() => heard == 10);
        room.AwaitCounters();
        Assert.Equal((0UL, 0UL, 10UL), (room.Home.PacketsRelayed, room.Other.PacketsPiped, room.Home.PacketsForwarded));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_publishers_clock_is_known_on_the_other_shard_also_when_it_was_told_before(bool before)
    {
        var told = new SenderReport(OfferText.VideoSsrc, new NtpTime((123UL << 32) + 99), 77_000, 1, 1_100);
        await using SpreadRoom room = await SpreadRoom.StartAsync(before: (_, publisher, _) => Report(publisher, told, before));
        var reports = new List<SenderReport>();
        int heard = 0;
        room.Far.OnRtp = _ => heard++;
        room.Far.OnRtcp = packet =>
        {
            if (SenderReport.TryRead(packet, out SenderReport report, out _))
            {
                reports.Add(report);
            }
        };
        Report(room.Publisher, told, !before);
        ForwardedCallTests.SendVideo(room.Publisher, 2, 10, keyEvery: 2);
        room.Pump(() => heard == 10 && reports.Exists(report => report.SenderSsrc == room.Sources.Video));

        // Both clocks have run on since, by the same time; the outgoing timestamps are the publisher's own here.
        SenderReport got = reports.Last(report => report.SenderSsrc == room.Sources.Video);
        double seconds = (got.NtpTime.Value - told.NtpTime.Value) / 4_294_967_296.0;
        Assert.InRange(got.RtpTimestamp - told.RtpTimestamp - (seconds * 90_000), -2, 2);
    }

    private static void Report(LoopbackClient publisher, SenderReport report, bool isWanted)
    {
        if (isWanted)
        {
            // The receiving stream must be known before a report about it counts.
            ForwardedCallTests.SendVideo(publisher, 1, 1, keyEvery: 2);
            byte[] rtcp = new byte[128];
            int length = report.Write(rtcp);
            publisher.SendRtcp(rtcp.AsSpan(0, length));
        }
    }

    private static async Task SetPausedAsync(SpreadRoom room, bool isPaused)
    {
        Response response = await room.Node.Server.SendAsync(new Request
        {
            SetProducerPaused = new SetProducerPaused { TransportId = "T_pub", TrackSid = "TR_v", Paused = isPaused },
        });
        Assert.Null(response.Error);
    }
}

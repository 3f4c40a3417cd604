using System.Buffers.Binary;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Engine.Tests.TwoPeers;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ten_percent_loss_is_repaired_completely(int seed)
    {
        Call call = Call.Video(seed).Connected();
        call.Network.Loss = 0.10;
        Stream(call, firstSequence: 100, count: 2000);
        call.Network.Loss = 0;
        Send(call, 100 + 2000);
        call.RunFor(TimeSpan.FromSeconds(3));

        AssertComplete(call, seed, 100, 2001);
        Assert.Contains(call.Subscriber.Received, packet => packet.Recovered);
        Assert.Equal(2001UL, call.Subscriber.Peer.FindReceive(Plans.VideoTrack)!.Statistics.Packets);
    }

    [Fact]
    public void Reordering_and_duplicates_yield_each_packet_once()
    {
        Call call = Call.Video(5).Connected();
        call.Network.Jitter = TimeSpan.FromMilliseconds(30);
        call.Network.Duplicates = 0.2;
        Stream(call, 500, 1000);
        call.RunFor(TimeSpan.FromSeconds(2));

        AssertComplete(call, 5, 500, 1000);
        Assert.True(call.Subscriber.Peer.Drops[DropReason.SrtpReplayed] > 0);
    }

    [Fact]
    public void Small_reordering_is_not_asked_for()
    {
        Call call = Call.Video(6).Connected();
        call.Network.Jitter = TimeSpan.FromMilliseconds(6);
        Stream(call, 0, 500);
        call.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(0UL, call.Subscriber.Peer.FindReceive(Plans.VideoTrack)!.Statistics.NacksSent);
        AssertComplete(call, 6, 0, 500);
    }

    [Fact]
    public void Sequence_numbers_wrap_with_loss_and_roll_over_counter()
    {
        Call call = Call.Video(8).Connected();
        call.Network.Loss = 0.1;
        Stream(call, 65_400, 400);
        call.Network.Loss = 0;
        Send(call, 65_800);
        call.RunFor(TimeSpan.FromSeconds(3));

        AssertComplete(call, 8, 65_400, 401);
    }

    [Theory]
    [InlineData(11, 0.25, 60, 150)]
    [InlineData(12, 0.15, 30, 1)]
    [InlineData(13, 0.20, 50, 70)]
    public void A_harsh_network_loses_nothing_between_the_first_and_the_last_packet(int seed, double loss, int jitter, int delay)
    {
        Call call = Call.Video(seed).Connected();
        call.Network.Duplicates = 0.1;
        call.Network.Jitter = TimeSpan.FromMilliseconds(jitter);
        call.Network.Delay = TimeSpan.FromMilliseconds(delay);
        Stream(call, 65_000, 1);
        call.Network.Loss = loss;
        Stream(call, 65_001, 1500);
        call.Network.Loss = 0;
        Send(call, 66_501);
        call.RunFor(TimeSpan.FromSeconds(15));

        AssertComplete(call, seed, 65_000, 1502);
    }

    [Fact]
    public void Round_trip_is_measured_by_both_sides()
    {
        Call call = Call.Video(9).Connected();
        SendStream stream = call.Publisher.Peer.FindSend(Plans.VideoTrack)!;
        stream.SetClockReference(call.Now, new Wire.Numbers.NtpTime(0x1234_5678_0000_0000), 1000);
        call.Network.Loss = 0.05;
        Stream(call, 1, 500);
        call.RunFor(TimeSpan.FromSeconds(3));

        Assert.InRange(stream.Statistics.RoundTrip.TotalMilliseconds, 39, 45);
        Assert.InRange(call.Subscriber.Peer.Statistics.RoundTrip.TotalMilliseconds, 39, 60);
    }

    private static void Stream(Call call, ulong firstSequence, int count)
    {
        for (int index = 0; index < count; index++)
        {
            Send(call, firstSequence + (ulong)index);
            call.RunFor(TimeSpan.FromMilliseconds(2));
        }
    }

    private static void Send(Call call, ulong sequence)
    {
        byte[] payload = new byte[200];
        BinaryPrimitives.WriteUInt64BigEndian(payload, sequence);
        SendStream stream = call.Publisher.Peer.FindSend(Plans.VideoTrack)!;
        call.Publisher.Send(call.Now, stream, sequence, (uint)sequence * 180, payload);
    }

    private static void AssertComplete(Call call, int seed, ulong first, int count)
    {
        ulong[] expected = [.. Enumerable.Range(0, count).Select(index => first + (ulong)index)];
        ulong[] received = [.. call.Subscriber.Received.Select(packet => packet.Sequence).Order()];
        Assert.True(expected.SequenceEqual(received), $"seed {seed}: {received.Length} of {count} packets, first gap at "
            + expected.Except(received).FirstOrDefault());
        Assert.All(call.Subscriber.Received, packet =>
            Assert.Equal(packet.Sequence, BinaryPrimitives.ReadUInt64BigEndian(packet.Payload)));
    }
}

using RtcPlatform.TestKit;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Wire.Tests.Rtcp;

public class TransportCcFeedbackTests
{
    private const long TickNanoseconds = 250_000;
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void Feedback_padded_by_one_octet_as_libwebrtc_does_is_read()
    {
        byte[] captured = Hex.Decode("afcd0005 fa17fa17 43032fa0 00990001 3de80217 20019401");
        TransportCcFeedback feedback = Parse(captured);
        Assert.Equal(0xFA17FA17u, feedback.SenderSsrc);
        Assert.Equal(0x43032FA0u, feedback.MediaSsrc);
        Assert.Equal(153, feedback.BaseSequence);
        Assert.Equal(4_057_090, feedback.ReferenceTime);
        Assert.Equal(23, feedback.FeedbackCount);
        Assert.Equal([(153, true, (4_057_090L * 256) + 0x94)], Statuses(feedback));
    }

    [Theory]
    [InlineData("8fcd0004 00000001 00000002 00000001 00000000", "no chunk")]
    [InlineData("8fcd0005 00000001 00000002 00000001 00000000 20000000", "a run of none")]
    [InlineData("8fcd0005 00000001 00000002 00000003 00000000 20030000", "a delta missing")]
    [InlineData("8fcd0005 00000001 00000002 00000001 00000000 60010000", "the reserved symbol in a run")]
    [InlineData("8fcd0005 00000001 00000002 00000001 00000000 f0000000", "the reserved symbol in a vector")]
    [InlineData("8fcd0003 00000001 00000002 00000001", "no reference time")]
    public void Feedback_that_cannot_be_walked_is_refused(string text, string why)
    {
        var reader = new RtcpReader(Hex.Decode(text));
        Assert.True(reader.TryReadNext(out RtcpPacketView packet));
        Assert.False(TransportCcFeedback.TryRead(packet, out _), why);
    }

    [Theory]
    [InlineData("20030000 00", 3, 0b111)] // A run of three small deltas.
    [InlineData("b8000000 00", 3, 0b111)] // One bit each.
    [InlineData("d5000000 00", 3, 0b111)] // Two bits each.
    [InlineData("a8000000", 3, 0b101)] // One lost between two.
    public void Every_chunk_form_is_read(string chunksAndDeltas, int count, int received)
    {
        byte[] packet = Hex.Decode($"8fcd0000 00000001 00000002 0000000{count} 00000000 {chunksAndDeltas} 00000000");
        packet = packet[..(packet.Length & ~3)];
        packet[3] = (byte)((packet.Length / 4) - 1);
        Assert.Equal(
            Enumerable.Range(0, count).Select(index => ((received >> index) & 1) != 0),
            Statuses(Parse(packet)).Select(status => status.Received));
    }

    [Fact]
    public void Equal_statuses_become_a_run()
    {
        TransportCcArrival[] arrivals = [.. Enumerable.Range(0, 20).Select(index => At(100 + index, 1000 + index))];
        int length = TransportCcFeedbackWriter.Write(_buffer, 1, 2, 3, 100, arrivals, out int consumed);
        Assert.Equal(20, consumed);

        // 1000 ticks are 3 units of 256 and 232.
        Assert.Equal(
            "8fcd000a" + "00000001" + "00000002" + "00640014" + "00000303" + "2014" + "e8"
                + string.Concat(Enumerable.Repeat("01", 19)) + "0000",
            Hex.Encode(_buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Packets_missing_in_front_of_the_first_arrival_are_reported_lost()
    {
        int length = TransportCcFeedbackWriter.Write(_buffer, 1, 2, 3, 65534, [At(1, 256)], out int consumed);
        Assert.Equal(1, consumed);
        Assert.Equal(
            [(65534, false, 256L), (65535, false, 256L), (0, false, 256L), (1, true, 256L)],
            Statuses(Parse(_buffer.AsSpan(0, length).ToArray())));
    }

    [Fact]
    public void Arrival_too_late_for_a_delta_waits_for_the_next_message()
    {
        TransportCcFeedbackWriter.Write(_buffer, 1, 2, 3, 1, [At(1, 0), At(2, 32_768)], out int consumed);
        Assert.Equal(1, consumed);
        TransportCcFeedbackWriter.Write(_buffer, 1, 2, 3, 1, [At(1, 0), At(2, 32_767)], out consumed);
        Assert.Equal(2, consumed);
    }

    [Fact]
    public void Number_not_newer_than_the_last_waits_for_the_next_message()
    {
        TransportCcFeedbackWriter.Write(_buffer, 1, 2, 3, 1, [At(1, 0), At(1, 1)], out int consumed);
        Assert.Equal(1, consumed);
        Assert.Equal(0, TransportCcFeedbackWriter.Write(_buffer, 1, 2, 3, 5, [At(4, 0)], out consumed));
        Assert.Equal(0, consumed);
    }

    [Fact]
    public void Any_arrivals_are_read_back_from_messages_of_any_size()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            (TransportCcArrival[] arrivals, ushort first) = RandomArrivals(random);
            ReadOnlySpan<TransportCcArrival> rest = arrivals;
            ushort next = first;
            while (!rest.IsEmpty)
            {
                byte[] destination = new byte[random.Next(64, 400)];
                int length = TransportCcFeedbackWriter.Write(destination, 1, 2, 3, next, rest, out int consumed);
                Assert.True(consumed > 0, $"round {round}");
                Assert.Equal(0, length % 4);
                var statuses = Statuses(Parse(destination.AsSpan(0, length).ToArray()));
                Assert.Equal(
                    Enumerable.Range(0, statuses.Count).Select(index => (int)(ushort)(next + index)),
                    statuses.Select(status => status.Sequence));
                Assert.Equal(
                    rest[..consumed].ToArray().Select(
                        arrival => ((int)arrival.Sequence, arrival.At.Nanoseconds / TickNanoseconds)),
                    statuses.Where(status => status.Received).Select(status => (status.Sequence, status.Ticks)));
                next = (ushort)(rest[consumed - 1].Sequence + 1);
                rest = rest[consumed..];
            }
        }
    }

    private static (TransportCcArrival[] Arrivals, ushort First) RandomArrivals(Random random)
    {
        ushort first = (ushort)random.Next(65536);
        int sequence = first - 1;
        long ticks = random.Next(40_000, 1_000_000);
        var arrivals = new TransportCcArrival[random.Next(1, 150)];
        int lossy = random.Next(3);
        for (int index = 0; index < arrivals.Length; index++)
        {
            sequence += lossy switch
            {
                0 => 1,
                1 => random.Next(1, 4),
                _ => random.Next(20) == 0 ? random.Next(1, 9_000) : 1,
            };
            ticks += random.Next(30) == 0 ? random.Next(-300, 2_000) : random.Next(0, 100);
            var at = new MonoTime((ticks * TickNanoseconds) + random.Next(250_000));
            arrivals[index] = new TransportCcArrival((ushort)sequence, at);
        }

        return (arrivals, first);
    }

    private static TransportCcArrival At(int sequence, long ticks) =>
        new((ushort)sequence, new MonoTime(ticks * TickNanoseconds));

    private static TransportCcFeedback Parse(byte[] compound)
    {
        var reader = new RtcpReader(compound);
        Assert.True(reader.TryReadNext(out RtcpPacketView packet));
        Assert.False(reader.TryReadNext(out _) || reader.IsMalformed);
        Assert.True(TransportCcFeedback.TryRead(packet, out TransportCcFeedback feedback));
        return feedback;
    }

    private static List<(int Sequence, bool Received, long Ticks)> Statuses(TransportCcFeedback feedback)
    {
        var statuses = new List<(int, bool, long)>();
        foreach (TransportCcStatus status in feedback)
        {
            statuses.Add((status.Sequence, status.Received, status.ArrivalTicks));
        }

        return statuses;
    }
}

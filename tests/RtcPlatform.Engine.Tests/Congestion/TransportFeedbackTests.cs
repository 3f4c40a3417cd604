using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Engine.Tests.Congestion;

public sealed class TransportFeedbackTests
{
    private readonly RawClient _client = new(Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(10, 20))));
    private readonly List<MonoTime> _feedbackAt = [];

    [Theory]
    [InlineData(0)]
    [InlineData(65_500)]
    public void Every_packet_is_reported_once_with_its_arrival(int first)
    {
        var sent = new List<(ushort Sequence, MonoTime At)>();
        var statuses = new List<(ushort Sequence, bool Received, long Ticks)>();
        for (int index = 0; index < 300; index++)
        {
            _client.Now += TimeSpan.FromMilliseconds(3);
            var sequence = (ushort)(first + index);
            if (index % 7 != 3)
            {
                Send(sequence, (ulong)index);
                sent.Add((sequence, _client.Now));
            }

            statuses.AddRange(Collect(_client.Now));
        }

        statuses.AddRange(Collect(_client.Now + TimeSpan.FromMilliseconds(200)));
        Assert.Equal(300, statuses.Count);
        Assert.Equal(Enumerable.Range(0, 300).Select(index => (ushort)(first + index)), statuses.Select(status => status.Sequence));
        Assert.Equal(sent.Select(packet => packet.Sequence), statuses.Where(status => status.Received).Select(status => status.Sequence));
        Assert.All(
            sent.Zip(statuses.Where(status => status.Received)),
            pair => Assert.InRange(pair.Second.Ticks - (pair.First.At.Microseconds / 250), -1, 1));
    }

    [Fact]
    public void Feedback_comes_every_fifty_to_hundred_milliseconds()
    {
        for (int index = 0; index < 3000; index++)
        {
            _client.Now += TimeSpan.FromMilliseconds(index < 1500 ? 5 : 0.25);
            Send((ushort)index, (ulong)index);
            Collect(_client.Now);
        }

        double[] slow = Intervals(5, 60);
        Assert.All(slow, interval => Assert.InRange(interval, 50, 106));
        double[] fast = Intervals(_feedbackAt.Count - 5, _feedbackAt.Count);
        Assert.All(fast, interval => Assert.InRange(interval, 49, 52));
    }

    [Fact]
    public void A_late_packet_is_reported_again_as_received()
    {
        foreach (ushort sequence in (ushort[])[1, 2, 4])
        {
            Send(sequence, sequence);
        }

        List<(ushort Sequence, bool Received, long Ticks)> before = Collect(_client.Now + TimeSpan.FromMilliseconds(150));
        Send(3, 3);
        List<(ushort Sequence, bool Received, long Ticks)> after = Collect(_client.Now + TimeSpan.FromMilliseconds(150));

        Assert.Contains(before, status => status.Sequence == 3 && !status.Received);
        Assert.Contains(after, status => status.Sequence == 3 && status.Received);
    }

    [Fact]
    public void A_jump_of_the_numbering_does_not_stop_feedback()
    {
        Send(1, 1);
        Collect(_client.Now + TimeSpan.FromMilliseconds(150));
        Send(30_000, 2);
        Collect(_client.Now + TimeSpan.FromMilliseconds(150));
        Send(30_001, 3);
        List<(ushort Sequence, bool Received, long Ticks)> last = Collect(_client.Now + TimeSpan.FromMilliseconds(150));

        Assert.Equal([(ushort)30_001], last.Where(status => status.Received).Select(status => status.Sequence));
    }

    private double[] Intervals(int from, int to) =>
        [.. _feedbackAt[from..to].Zip(_feedbackAt[(from + 1)..], (left, right) => (right - left).TotalMilliseconds)];

    private void Send(ushort transportSequence, ulong sequence) =>
        Assert.True(_client.Send(10, sequence, 96, [1, 2, 3], out _, transportSequence: transportSequence));

    private List<(ushort Sequence, bool Received, long Ticks)> Collect(MonoTime until)
    {
        var statuses = new List<(ushort, bool, long)>();
        foreach (byte[] compound in _client.RunUntil(until))
        {
            var reader = new RtcpReader(compound);
            while (reader.TryReadNext(out RtcpPacketView packet))
            {
                if (TransportCcFeedback.TryRead(packet, out TransportCcFeedback feedback))
                {
                    _feedbackAt.Add(_client.Now);
                    foreach (TransportCcStatus status in feedback)
                    {
                        statuses.Add((status.Sequence, status.Received, status.ArrivalTicks));
                    }
                }
            }
        }

        return statuses;
    }
}

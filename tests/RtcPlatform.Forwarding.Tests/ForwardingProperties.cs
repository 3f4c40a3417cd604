using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Forwarding.Tests;

/// <summary>Random scripts of loss, reordering, pauses, switches and restarts; a failure names its seed.</summary>
public sealed class ForwardingProperties
{
    private const int Scripts = 150;
    private const int Steps = 600;

    [Fact]
    public void Without_loss_the_subscriber_sees_no_gap_and_one_clock()
    {
        for (int seed = 1; seed <= Scripts; seed++)
        {
            RecordedRoom room = Play(seed, lossPercent: 0);
            foreach (IGrouping<Consumer, SentCopy> stream in room.Sent.GroupBy(copy => copy.To))
            {
                ulong expected = stream.First().Sequence;
                uint clock = stream.First().Timestamp;
                foreach (SentCopy copy in stream)
                {
                    Assert.True(copy.Sequence == expected, $"seed {seed}: {copy.Sequence} came instead of {expected}");
                    Assert.True((int)(copy.Timestamp - clock) >= 0, $"seed {seed}: the clock went from {clock} to {copy.Timestamp}");
                    (expected, clock) = (expected + 1, copy.Timestamp);
                }
            }
        }
    }

    [Fact]
    public void With_loss_and_reordering_numbers_are_unique_and_every_gap_is_a_loss()
    {
        for (int seed = 1; seed <= Scripts; seed++)
        {
            RecordedRoom room = Play(seed, lossPercent: 15);
            foreach (IGrouping<Consumer, SentCopy> stream in room.Sent.GroupBy(copy => copy.To))
            {
                var numbers = new Dictionary<ulong, SentCopy>();
                foreach (SentCopy copy in stream)
                {
                    Assert.True(numbers.TryAdd(copy.Sequence, copy), $"seed {seed}: {copy.Sequence} was used twice");
                }

                for (ulong number = numbers.Keys.Min(); number < numbers.Keys.Max(); number++)
                {
                    // Old runs are forgotten and restarted sources too; what is known must not be a deliberate gap.
                    (ResendResult result, SentCopy? copy) = room.Nack(stream.Key, number);
                    SentCopy? sent = numbers.TryGetValue(number, out SentCopy found) ? found : null;
                    if (result == ResendResult.Found && sent is not null)
                    {
                        Assert.True(copy!.Value with { At = sent.Value.At } == sent, $"seed {seed}: {copy} was resent for {sent}");
                    }

                    Assert.True(sent is null || result != ResendResult.NeverArrived, $"seed {seed}: {number} was sent and is called lost");
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void Every_packet_is_forwarded_or_counted_for_every_consumer(int lossPercent)
    {
        for (int seed = 1; seed <= Scripts; seed++)
        {
            RecordedRoom room = Play(seed, lossPercent);
            ForwardCounters counters = room.Router.Counters;
            ulong distinct = counters.Received - counters.Drops[DropReason.ArrivedTooLate];
            ulong perConsumer = distinct - counters.Drops[DropReason.NoConsumer];
            ulong accounted = counters.Forwarded + counters.Drops.Total
                - counters.Drops[DropReason.ArrivedTooLate] - counters.Drops[DropReason.NoConsumer];
            Assert.True(
                accounted == perConsumer * (ulong)room.Router.Consumers.Count,
                $"seed {seed}: {perConsumer} packets for {room.Router.Consumers.Count} consumers, {accounted} accounted for");
            Assert.Equal((ulong)room.Sent.Count, counters.Forwarded);
        }
    }

    private static RecordedRoom Play(int seed, int lossPercent)
    {
        var random = new Random(seed);
        var room = new RecordedRoom();
        Producer producer = room.Publish(layers: 3);
        Consumer[] consumers = [room.Subscribe(first: 0), room.Subscribe(first: 32_767), room.Subscribe()];
        var sources = new PublishedLayer[3];
        for (int index = 0; index < 3; index++)
        {
            sources[index] = new PublishedLayer(random, (uint)index + 1);
        }

        for (int step = 0; step < Steps; step++)
        {
            room.Advance(random.Next(1, 40));
            Disturb(random, room, producer, consumers, sources);
            for (int index = 0; index < 3; index++)
            {
                sources[index].SendFrame(random, room, producer.Layers[index], lossPercent);
            }

            room.HandleTimeout();
        }

        return room;
    }

    private static void Disturb(
        Random random, RecordedRoom room, Producer producer, Consumer[] consumers, PublishedLayer[] sources)
    {
        Consumer consumer = consumers[random.Next(consumers.Length)];
        switch (random.Next(40))
        {
            case 0:
                Router.Pause(consumer, PauseReasons.Subscriber);
                break;
            case 1 or 2:
                room.Resume(consumer, PauseReasons.Subscriber);
                break;
            case 3:
                room.SetPaused(producer, true);
                break;
            case 4 or 5:
                room.SetPaused(producer, false);
                break;
            case 6:
                sources[random.Next(3)].Toggle();
                break;
            case 7 when random.Next(4) == 0:
                sources[random.Next(3)].Restart(random);
                break;
            case 8:
                room.PictureLost(consumer);
                break;
        }
    }

    private sealed class PublishedLayer(Random chance, uint ssrc)
    {
        private readonly List<(ulong Sequence, uint Timestamp, bool Key)> _held = [];
        private ulong _sequence = (ulong)chance.Next(0, 65_536);
        private uint _clockStart = (uint)chance.Next();
        private uint _ssrc = ssrc;
        private bool _isSilent;

        public void Toggle() => _isSilent = !_isSilent;

        public void Restart(Random random)
        {
            _ssrc += 10;
            _sequence = (ulong)random.Next(0, 65_536);
            _clockStart = (uint)random.Next();
            _held.Clear();
        }

        public void SendFrame(Random random, RecordedRoom room, Layer layer, int lossPercent)
        {
            if (_isSilent)
            {
                return;
            }

            uint timestamp = _clockStart + (uint)(room.Now.Milliseconds * 90);
            bool isKey = random.Next(25) == 0;
            int packets = random.Next(1, 5);
            for (int index = 0; index < packets; index++)
            {
                (ulong, uint, bool) packet = (_sequence++, timestamp, isKey && index == 0);
                if (random.Next(100) < lossPercent)
                {
                    if (random.Next(2) == 0)
                    {
                        _held.Add(packet);
                    }

                    continue;
                }

                Deliver(room, layer, packet);
            }

            if (_held.Count > 0 && random.Next(3) == 0)
            {
                (ulong, uint, bool) late = _held[0];
                _held.RemoveAt(0);
                Deliver(room, layer, late);
                Deliver(room, layer, late);
            }
        }

        private void Deliver(RecordedRoom room, Layer layer, (ulong Sequence, uint Timestamp, bool Key) packet) =>
            room.Send(layer, packet.Sequence, packet.Timestamp, packet.Key, _ssrc);
    }
}

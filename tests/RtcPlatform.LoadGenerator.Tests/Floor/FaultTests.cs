using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

/// <summary>The tool sees faults: what it tells is exactly what the forwarder did.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_forwarder_without_faults_is_told_as_that()
    {
        FloorRun run = await Run(new FaultyFloor());

        Assert.InRange(run.Media.Expected, 1, long.MaxValue);
        Assert.Equal(run.Media.Expected, run.Media.Received);
        AssertFaults(run.Media, new Faults());
    }

    [Fact]
    public async Task Every_50th_packet_that_is_dropped_is_a_lost_one()
    {
        var dropped = new List<FloorPacket>();
        FloorRun run = await Run(new FaultyFloor
        {
            Deliver = (subscriber, packet) =>
            {
                if (packet.Stamp.Number % 50 == 0)
                {
                    dropped.Add(packet);
                    return;
                }

                subscriber.Send(packet);
            },
        });

        int lost = dropped.Count(run.IsMeasured);
        Assert.InRange(lost, 1, int.MaxValue);
        Assert.Equal(lost, run.Media.Expected - run.Media.Received);
        Assert.Equal((double)lost / run.Media.Expected, run.Media.LossShare, 1e-9);
        AssertFaults(run.Media, new Faults());
    }

    /// <summary>Each of the eight streams is treated alike, early enough that all is over before the report.</summary>
    [Fact]
    public async Task Each_fault_is_counted_as_what_it_is()
    {
        var missing = new List<FloorPacket>();
        FloorRun run = await Run(new FaultyFloor
        {
            Deliver = (subscriber, packet) =>
            {
                if (!Spoil(subscriber, packet))
                {
                    missing.Add(packet);
                }
            },
        });

        Assert.Equal(32, missing.Count);
        Assert.Equal(missing.Count(run.IsMeasured), run.Media.Expected - run.Media.Received);
        AssertFaults(run.Media, new Faults(Damaged: 8, Duplicates: 8, Undecryptable: 16, Unexpected: 8));
    }

    [Fact]
    public async Task Packets_that_overtake_one_another_are_late_and_not_lost()
    {
        var held = new Dictionary<FloorSubscriber, FloorPacket>();
        int late = 0;
        FloorRun run = await Run(new FaultyFloor
        {
            Deliver = (subscriber, packet) =>
            {
                subscriber.Offered++;
                if (subscriber.Offered is >= 5 and < 45 && subscriber.Offered % 4 == 1)
                {
                    held[subscriber] = packet;
                    return;
                }

                subscriber.Send(packet);
                if (held.Remove(subscriber, out FloorPacket? overtaken))
                {
                    subscriber.Send(overtaken);
                    late++;
                }
            },
        });

        Assert.Equal(80, late);
        Assert.Equal(run.Media.Expected, run.Media.Received);
        AssertFaults(run.Media, new Faults(Late: late));
    }

    [Fact]
    public async Task Streams_of_two_rooms_that_are_swapped_are_misrouted()
    {
        var swapped = new List<FloorPacket>();
        static bool IsSwapped(FloorPacket packet) => packet.IsVideo && packet.Stamp.Number is >= 150 and < 170;
        FloorRun run = await Run(new FaultyFloor
        {
            Gets = static (subscriber, packet) => IsSwapped(packet)
                ? subscriber.IsForStream(packet.Stream) && !subscriber.IsFor(packet.Room, packet.Stream)
                : subscriber.IsFor(packet.Room, packet.Stream),
            Deliver = (subscriber, packet) =>
            {
                if (IsSwapped(packet))
                {
                    swapped.Add(packet);
                }

                subscriber.Send(packet);
            },
        });

        Assert.NotEmpty(swapped);
        Assert.Equal(swapped.Count(run.IsMeasured), run.Media.Expected - run.Media.Received);
        AssertFaults(run.Media, new Faults(Misrouted: swapped.Count));
    }

    /// <returns>False when the packet does not arrive as one that counts.</returns>
    private static bool Spoil(FloorSubscriber subscriber, FloorPacket packet)
    {
        byte[] datagram;
        switch (++subscriber.Offered)
        {
            case 10:
                subscriber.Send(packet);
                subscriber.Send(packet);
                return true;
            case 14:
                _ = subscriber.Protect(packet);
                return false;
            case 20:
                subscriber.Send(packet.Damaged());
                return false;
            case 25:
                subscriber.Send(packet.Foreign());
                return false;
            case 30:
                datagram = subscriber.Protect(packet);
                subscriber.SendRaw(datagram);
                subscriber.SendRaw(datagram);
                return true;
            case 35:
                datagram = subscriber.Protect(packet);
                datagram[^1] ^= 1;
                subscriber.SendRaw(datagram);
                return false;
            default:
                subscriber.Send(packet);
                return true;
        }
    }

    private static async Task<FloorRun> Run(FaultyFloor floor)
    {
        await using (floor)
        {
            return await FloorRun.Of(FloorRun.Plan(floor.Address), TestContext.Current.CancellationToken);
        }
    }

    private static void AssertFaults(MediaResult media, Faults expected) => Assert.Equal(
        expected,
        new Faults(media.Damaged, media.Misrouted, media.Late, media.Duplicates, media.Undecryptable, media.Unexpected, media.Silent, media.SessionsLost));

    private sealed record Faults(
        long Damaged = 0, long Misrouted = 0, long Late = 0, long Duplicates = 0, long Undecryptable = 0, long Unexpected = 0, long Silent = 0, long Lost = 0);
}

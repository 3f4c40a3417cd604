using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Runs;
using RtcPlatform.LoadGenerator.Signaling;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

public sealed class WholeRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_storm_disturbs_nobody_and_everybody_has_left_in_the_end(int threads, bool coalesce)
    {
        var floor = new FaultyFloor();
        LoadReport report;
        await using (floor)
        {
            report = await Run(FloorRun.Plan(floor.Address) with
            {
                ReceiveThreads = threads,
                Coalesce = coalesce,
                Churn = 10,
                ChurnStay = TimeSpan.FromMilliseconds(300),
                Processes = [new WatchedProcess("own", Environment.ProcessId)],
            });
        }

        Assert.Empty(floor.Subscribers);
        Assert.Equal((4, 4, 0), (report.Setup.PublishersConnected, report.Setup.SubscribersConnected, report.Setup.Failed));
        Assert.InRange(report.Media.Expected, 1, long.MaxValue);
        Assert.Equal(report.Media.Expected, report.Media.Received);
        Assert.Equal(report.Media.Received, report.Media.Latency.Count);
        Assert.Equal((0, 0, 0, 0), (report.Media.Damaged, report.Media.Misrouted, report.Media.Duplicates, report.Media.Late));
        Assert.Equal((0, 0, 0, 0), (report.Media.Undecryptable, report.Media.Unexpected, report.Media.Silent, report.Media.SessionsLost));

        // One session for each of the two streams.
        Assert.Equal((40, 20, 0), (report.Churn!.Joined, report.Churn.Left, report.Churn.Failed));
        Assert.Equal(0, report.Churn.GapsInTheirStreams);
        Assert.InRange(report.Churn.TheirLatency.Count, 1, long.MaxValue);
        ProcessResult own = Assert.Single(report.Processes);
        Assert.Equal(("own", Environment.ProcessId), (own.Name, own.Pid));
        Assert.InRange(own.Cpu.Nanoseconds, 1, long.MaxValue);
    }

    /// <summary>A floor sends on to those who were killed; who has their ports next is not to be confused by it.</summary>
    [Fact]
    public async Task A_later_run_shares_no_room_with_an_earlier_one()
    {
        var floor = new FaultyFloor { IsDeafToLeavers = true };
        await using (floor)
        {
            LoadPlan plan = FloorRun.Plan(floor.Address) with { Duration = TimeSpan.FromMilliseconds(200) };
            for (int runs = 1; runs <= 2; runs++)
            {
                LoadReport report = await Run(plan);
                Assert.Equal((report.Media.Expected, 0), (report.Media.Received, report.Media.Undecryptable));
            }
        }

        Assert.Equal(4, floor.Rooms.Count);
        Assert.Equal(16, floor.Subscribers.Count);
    }

    [Fact]
    public async Task The_most_subscribers_of_a_floor_that_loses_packets_beyond_six_are_six()
    {
        FaultyFloor floor = null!;
        floor = new FaultyFloor
        {
            Deliver = (subscriber, packet) =>
            {
                if (floor.Subscribers.Count <= 6 || packet.Stamp.Number % 5 != 0)
                {
                    subscriber.Send(packet);
                }
            },
        };
        await using (floor)
        {
            LoadReport report = await Run(new LoadPlan
            {
                Floor = floor.Address,
                Subscribers = 2,
                Media = new MediaPlan { Audio = true, Video = false },
                Warmup = TimeSpan.Zero,
                Duration = TimeSpan.FromMilliseconds(500),
                FindMost = new ServiceLimits(0.01, TimeSpan.FromMinutes(1)),
            });

            Assert.Equal([(2, true), (3, true), (5, true), (8, false), (6, true), (7, false)], report.Most!.Steps.Select(static s => (s.Subscribers, s.Good)));
            Assert.Equal((6, 6, 0.0), (report.Most.Subscribers, report.Plan.Subscribers, report.Media.LossShare));
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_and_a_process_that_is_not_there_even_before()
    {
        LoadPlan plan = new()
        {
            Target = new WebRtcTarget { Whip = new("http://127.0.0.1:9/{room}"), Whep = new("http://127.0.0.1:9/{room}/{identity}") },
        };
        SignalingException refused = await Assert.ThrowsAsync<SignalingException>(() => Run(plan));
        Assert.StartsWith("1 publishers could not join; the first: POST http://127.0.0.1:9/load-0: ", refused.Message, StringComparison.Ordinal);

        ArgumentException gone = await Assert.ThrowsAsync<ArgumentException>(
            () => Run(plan with { Processes = [new WatchedProcess("sfu", int.MaxValue)] }));
        Assert.Equal("there is no process 2147483647 (sfu)", gone.Message);
    }

    private static Task<LoadReport> Run(LoadPlan plan) => LoadRun.Run(plan, new Silent(), Cancellation);

    private sealed class Silent : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => Assert.InRange(value.Elapsed, TimeSpan.Zero, TimeSpan.MaxValue);
    }
}

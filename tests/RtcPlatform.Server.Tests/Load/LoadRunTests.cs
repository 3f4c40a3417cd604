using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Runs;
using RtcPlatform.Server.Tests.HttpSessions;

namespace RtcPlatform.Server.Tests.Load;

/// <summary>The load tool's engine against the whole server and a whole media node: WHIP, WHEP, ICE, DTLS, SRTP, UDP.</summary>
public sealed class LoadRunTests(MediaServer server)
{
    [Fact]
    public async Task Publishers_who_watch_each_other_in_two_rooms_lose_nothing_while_others_come_and_go()
    {
        string address = server.Http.BaseAddress!.ToString().TrimEnd('/');
        LoadReport report = await LoadRun.Run(
            new LoadPlan
            {
                Target = new WebRtcTarget
                {
                    Whip = new UrlTemplate(address + "/whip/{room}"),
                    Whep = new UrlTemplate(address + "/whep/{room}/{identity}"),
                    Token = static (name, _) => ValueTask.FromResult<string?>(MediaServer.Token(name.Room, name.Identity)),
                },
                Rooms = 2,
                Publishers = 2,
                Everybody = true,
                Media = new MediaPlan { Audio = true },
                Warmup = TimeSpan.FromSeconds(1),
                Duration = TimeSpan.FromSeconds(2),
                Churn = 5,
                ChurnStay = TimeSpan.FromMilliseconds(500),
                RoomPrefix = $"load-{Guid.NewGuid():N}",
            },
            new Untold(),
            TestContext.Current.CancellationToken);

        SetupResult setup = report.Setup;
        Assert.Equal((4, 4, 0, null), (setup.PublishersConnected, setup.SubscribersConnected, setup.Failed, setup.FirstFailure));
        Assert.Equal((4, 4, 4, 4), (setup.Answer.Count, setup.IceConnected.Count, setup.DtlsConnected.Count, setup.FirstPacket.Count));
        MediaResult media = report.Media;
        Assert.InRange(media.Expected, 1, long.MaxValue);
        Assert.Equal(media.Expected, media.Received);
        Assert.Equal((0, 0, 0, 0), (media.Damaged, media.Misrouted, media.Duplicates, media.Late));
        Assert.Equal((0, 0, 0, 0), (media.Undecryptable, media.Unexpected, media.Silent, media.SessionsLost));
        ChurnResult storm = report.Churn!;
        Assert.Equal((10, 10, 0, null), (storm.Joined, storm.Left, storm.Failed, storm.FirstFailure));
        Assert.InRange(storm.TheirLatency.Count, 1, long.MaxValue);
    }

    private sealed class Untold : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => Assert.InRange(value.Missing, 0, long.MaxValue);
    }
}

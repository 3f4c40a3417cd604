using System.Net;
using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.LoadGenerator.Tests.Plans;

public sealed class LoadPlanTests
{
    private static readonly LoadPlan Good = new() { Floor = new IPEndPoint(IPAddress.Loopback, 7990) };

    private static readonly (LoadPlan Plan, string Complaint)[] Bad =
    [
        (Good with { Floor = null }, "name either a server (--whip, --whep) or --floor"),
        (Good with { Target = new WebRtcTarget { Whip = new("http://h/"), Whep = new("http://h/") } }, "name either a server (--whip, --whep) or --floor"),
        (Good with { Rooms = 0 }, "--rooms must be 1 to 10000"),
        (Good with { Publishers = 1001 }, "--publishers must be 1 to 1000"),
        (Good with { Subscribers = -1 }, "--subscribers must be 0 to 60000, or 'all'"),
        (Good with { Everybody = true }, "--subscribers all needs at least 2 --publishers"),
        (Good with { Duration = TimeSpan.Zero }, "--duration must be longer than nothing"),
        (Good with { Concurrency = 0 }, "--concurrency must be 1 to 1000"),
        (Good with { ReceiveThreads = 17 }, "--receive-threads must be 1 to 16"),
        (Good with { Ramp = double.NaN }, "--ramp, --storm and --churn must not be negative"),
        (Good with { Churn = -1 }, "--ramp, --storm and --churn must not be negative"),
        (Good with { FindMost = ServiceLimits.Default, Everybody = true, Publishers = 2 }, "--find-most-subscribers needs a number of --subscribers to begin with"),
        (Good with { FindMost = ServiceLimits.Default, Churn = 1 }, "--find-most-subscribers and --storm exclude each other"),
        (With(new MediaPlan { Video = false }), "neither audio nor video is to be published"),
        (With(new MediaPlan { VideoBitrate = 9_999 }), "--video-bitrate must be 10k to 100M"),
        (With(new MediaPlan { FramesPerSecond = 0 }), "--video-fps must be 1 to 120"),
        (With(new MediaPlan { PacketSize = 1201 }), "--packet-size must be 48 to 1200"),
        (With(new MediaPlan { AudioSize = 47 }), "--audio-size must be 48 to 1200"),
        (With(new MediaPlan { VideoBitrate = 100_000_000, FramesPerSecond = 1, PacketSize = 1200 }), "--packet-size is too small for that bitrate and frame rate"),
    ];

    public static TheoryData<int> BadOnes => [.. Enumerable.Range(0, Bad.Length)];

    [Theory]
    [MemberData(nameof(BadOnes))]
    public void What_cannot_be_done_is_said_in_the_words_of_the_options(int index) =>
        Assert.Equal(Bad[index].Complaint, Assert.Throws<ArgumentException>(Bad[index].Plan.Validate).Message);

    [Fact]
    public void What_can_be_done_is_not_complained_about()
    {
        Good.Validate();
        (Good with { Rooms = 10_000, Publishers = 1000, Subscribers = 0, ReceiveThreads = 16, Ramp = 3 }).Validate();
        With(new MediaPlan { Audio = true, Video = false, AudioSize = 48 }).Validate();
    }

    [Theory]
    [InlineData(3, 4, 10, false, 30)]
    [InlineData(3, 4, 10, true, 36)]
    public void Everybody_is_each_publisher_watching_every_other_one(int rooms, int publishers, int subscribers, bool everybody, int sessions) =>
        Assert.Equal(sessions, (Good with { Rooms = rooms, Publishers = publishers, Subscribers = subscribers, Everybody = everybody }).SubscriberSessions);

    private static LoadPlan With(MediaPlan media) => Good with { Media = media };
}

using System.CommandLine;
using System.Globalization;
using RtcPlatform.Cli.Tokens;
using RtcPlatform.Cli.Up;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.Cli.Load;

/// <summary>The options of <c>rtc load media</c>, and the plan that they make.</summary>
internal sealed class MediaLoadOptions
{
    private readonly TargetOptions _target = new();
    private readonly Option<int> _rooms = Number("--rooms", 1, "Rooms.");
    private readonly Option<int> _publishers = Number("--publishers", 1, "Publishers in each room.");
    private readonly Option<string> _subscribers = Text("--subscribers", "10", "Subscribers in each room, each of one publisher; 'all' = each publisher watches every other one.", "N|all");
    private readonly Option<string> _media = Text("--media", "video", "What is published: audio, video, or audio,video.", "KINDS");
    private readonly Option<string> _bitrate = Text("--video-bitrate", "1.5M", "Bits per second of a video, such as 800k or 1.5M.", "RATE");
    private readonly Option<int> _fps = Number("--video-fps", 30, "Frames per second of a video.");
    private readonly Option<int> _packet = Number("--packet-size", 1100, "Octets of payload in a video packet, at most.");
    private readonly Option<int> _audio = Number("--audio-size", 100, "Octets of payload in an audio packet; 50 packets per second.");
    private readonly Option<Pacing> _pacing = new("--pacing")
    {
        Description = "How the packets of a frame leave: spread, as browsers do, or in a burst.",
        DefaultValueFactory = static _ => Pacing.Spread,
    };

    private readonly Option<string> _warmup = Text("--warmup", "2s", "Between the last join and the measurement.", "TIME");
    private readonly Option<string> _duration = Text("--duration", "10s", "Of the measurement.", "TIME");
    private readonly Option<double> _ramp = new("--ramp") { Description = "Joins per second; 0 = as fast as it goes.", HelpName = "N" };
    private readonly Option<int> _concurrency = Number("--concurrency", 32, "Joins that may be under way at once.");
    private readonly Option<double> _storm = new("--storm")
    {
        Description = "So many more subscribers join, and leave again, each second of the measurement.",
        HelpName = "N",
    };

    private readonly Option<string> _stay = Text("--storm-stay", "2s", "How long each of those stays.", "TIME");
    private readonly Option<bool> _findMost = new("--find-most-subscribers")
    {
        Description = "Add subscribers until loss or latency is too high; --subscribers is where the search begins.",
    };

    private readonly Option<double> _mostLoss = new("--most-loss")
    {
        Description = "The loss that is still good, in percent.",
        HelpName = "PERCENT",
        DefaultValueFactory = static _ => 0.1,
    };

    private readonly Option<double> _mostLatency = new("--most-latency")
    {
        Description = "The 99th percentile of the latency that is still good, in milliseconds.",
        HelpName = "MS",
        DefaultValueFactory = static _ => 50,
    };

    private readonly Option<string?> _profiles = new("--srtp-profiles")
    {
        Description = "SRTP profiles to offer, favourite first, by their names of the IANA registry; default: all, AES-GCM first.",
        HelpName = "NAMES",
    };

    private readonly Option<bool> _transportCc = new("--transport-cc")
    {
        Description = "Offer transport-cc for what is watched, though the tool sends no feedback.",
    };

    private readonly Option<int> _threads = Number("--receive-threads", 1, "Threads that receive.");
    private readonly Option<bool> _gro = new("--gro") { Description = "Let the kernel join what arrives together (UDP_GRO)." };
    private readonly Option<int> _sweep = Number("--sweep-us", 1000, "How long what arrived may wait for more, in microseconds; latency is taken from the kernel's times all the same.");
    private readonly Option<string?> _cpus = new("--cpus") { Description = "Processors for the tool's media threads, such as 1 or 1,3.", HelpName = "LIST" };

    public void AddTo(Command command)
    {
        _target.AddTo(command);
        foreach (Option option in (Option[])[
            _rooms, _publishers, _subscribers, _media, _bitrate, _fps, _packet, _audio, _pacing, _warmup, _duration, _ramp,
            _concurrency, _storm, _stay, _findMost, _mostLoss, _mostLatency, _profiles, _transportCc, _threads, _gro, _sweep, _cpus])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UpException">One of them makes no sense; the message says which.</exception>
    public LoadPlan Read(ParseResult result)
    {
        string subscribers = result.GetValue(_subscribers)!;
        bool everybody = subscribers == "all";
        var plan = new LoadPlan
        {
            Rooms = result.GetValue(_rooms),
            Publishers = result.GetValue(_publishers),
            Everybody = everybody,
            Subscribers = everybody ? 0 : Whole("--subscribers", subscribers),
            Media = ReadMedia(result),
            Warmup = Duration.Parse(result.GetValue(_warmup)!),
            Duration = Duration.Parse(result.GetValue(_duration)!),
            Ramp = result.GetValue(_ramp),
            Concurrency = result.GetValue(_concurrency),
            Churn = result.GetValue(_storm),
            ChurnStay = Duration.Parse(result.GetValue(_stay)!),
            FindMost = result.GetValue(_findMost)
                ? new ServiceLimits(result.GetValue(_mostLoss) / 100, TimeSpan.FromMilliseconds(result.GetValue(_mostLatency)))
                : null,
            Profiles = result.GetValue(_profiles) is { } names ? ReadProfiles(names) : null,
            OfferTransportCc = result.GetValue(_transportCc),
            ReceiveThreads = result.GetValue(_threads),
            Coalesce = result.GetValue(_gro),
            Sweep = TimeSpan.FromMicroseconds(result.GetValue(_sweep)),
            Cpus = result.GetValue(_cpus) is { } cpus ? [.. cpus.Split(',').Select(static c => Whole("--cpus", c))] : [],
        };
        return _target.Aim(plan, result);
    }

    private MediaPlan ReadMedia(ParseResult result)
    {
        string[] kinds = result.GetValue(_media)!.Split(',');
        if (Array.Find(kinds, static k => k is not ("audio" or "video")) is { } unknown)
        {
            throw Wrong($"--media takes audio and video, not '{unknown}'");
        }

        return new MediaPlan
        {
            Audio = kinds.Contains("audio"),
            Video = kinds.Contains("video"),
            VideoBitrate = ReadRate(result.GetValue(_bitrate)!),
            FramesPerSecond = result.GetValue(_fps),
            PacketSize = result.GetValue(_packet),
            AudioSize = result.GetValue(_audio),
            Pacing = result.GetValue(_pacing),
        };
    }

    private static int ReadRate(string text)
    {
        double unit = text.Length == 0 ? 1 : text[^1] switch { 'k' => 1e3, 'M' => 1e6, _ => 1 };
        string digits = unit > 1 ? text[..^1] : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * unit < int.MaxValue
            ? (int)(number * unit)
            : throw Wrong($"'{text}' is not a bit rate such as 800k or 1.5M");
    }

    private static IReadOnlyList<SrtpProfile> ReadProfiles(string names) =>
        SrtpProfileNames.TryParseList(names, out var profiles)
            ? profiles
            : throw Wrong($"'{names}' are not names of SRTP profiles, separated by commas, each once");

    private static int Whole(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Wrong($"{option} takes whole numbers, not '{text}'");

    private static UpException Wrong(string message) => new(UpException.StartFailed, message);

    private static Option<int> Number(string name, int standard, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
    };

    private static Option<string> Text(string name, string standard, string description, string help) => new(name)
    {
        Description = description,
        HelpName = help,
        DefaultValueFactory = _ => standard,
    };
}

using System.Net;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.LoadGenerator.Plans;

/// <summary>How the packets of one video frame leave.</summary>
public enum Pacing
{
    /// <summary>Two or three every 5 ms, as browsers' pacers do.</summary>
    Spread,

    /// <summary>All at once.</summary>
    Burst,
}

/// <summary>What a run does. Rates are per second, sizes octets.</summary>
public sealed record LoadPlan
{
    /// <summary>Where clients publish and watch; exactly one of this and <see cref="Floor"/>.</summary>
    public WebRtcTarget? Target { get; init; }

    /// <summary>A floor program instead of a server: SRTP with keys handed over in the clear, no ICE, DTLS or RTCP.</summary>
    public IPEndPoint? Floor { get; init; }

    public int Rooms { get; init; } = 1;

    /// <summary>In each room; at most 65535.</summary>
    public int Publishers { get; init; } = 1;

    /// <summary>In each room, one session each, spread over its publishers; not looked at when <see cref="Everybody"/>.</summary>
    public int Subscribers { get; init; } = 1;

    /// <summary>Each publisher watches every other one of its room, by one session for each of them.</summary>
    public bool Everybody { get; init; }

    public MediaPlan Media { get; init; } = new();

    /// <summary>Between the last join and the measurement.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Of the measurement.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Joins each second; 0 = as fast as <see cref="Concurrency"/> lets.</summary>
    public double Ramp { get; init; }

    /// <summary>Joins that may be under way at once.</summary>
    public int Concurrency { get; init; } = 32;

    /// <summary>Extra subscribers that join, and as many that leave, each second of the measurement; 0 = none.</summary>
    public double Churn { get; init; }

    /// <summary>How long each of them stays.</summary>
    public TimeSpan ChurnStay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Set to search for the most subscribers that are served well.</summary>
    public ServiceLimits? FindMost { get; init; }

    /// <summary>Offered in this order; null = the library's own order (AEAD_AES_128_GCM first).</summary>
    public IReadOnlyList<SrtpProfile>? Profiles { get; init; }

    /// <summary>Offer transport-cc for what is watched. The tool sends no feedback, so servers that estimate may slow down.</summary>
    public bool OfferTransportCc { get; init; }

    /// <summary>Threads that receive; sessions are dealt to them in turn.</summary>
    public int ReceiveThreads { get; init; } = 1;

    /// <summary>UDP_GRO on the tool's sockets.</summary>
    public bool Coalesce { get; init; }

    /// <summary>How long arrived packets may wait in the kernel, so that one call reads many; 0 = read at once.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Processors for the tool's media threads; empty = any.</summary>
    public IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>Whose CPU time and memory are measured.</summary>
    public IReadOnlyList<WatchedProcess> Processes { get; init; } = [];

    /// <summary>Rooms are named this and their index.</summary>
    public string RoomPrefix { get; init; } = "load";

    /// <summary>Sessions of the plan itself, without churn and search.</summary>
    public int SubscriberSessions => Rooms * (Everybody ? Publishers * (Publishers - 1) : Subscribers);

    /// <exception cref="ArgumentException">The message says what is wrong, for the person who typed it.</exception>
    public void Validate()
    {
        Require((Target is null) != (Floor is null), "name either a server (--whip, --whep) or --floor");
        Require(Rooms is >= 1 and <= 10_000, "--rooms must be 1 to 10000");
        Require(Publishers is >= 1 and <= 1000, "--publishers must be 1 to 1000");
        Require(Subscribers is >= 0 and <= 60_000, "--subscribers must be 0 to 60000, or 'all'");
        Require(!Everybody || Publishers > 1, "--subscribers all needs at least 2 --publishers");
        Require(Duration > TimeSpan.Zero, "--duration must be longer than nothing");
        Require(Concurrency is >= 1 and <= 1000, "--concurrency must be 1 to 1000");
        Require(ReceiveThreads is >= 1 and <= 16, "--receive-threads must be 1 to 16");
        Require(Ramp >= 0 && Churn >= 0, "--ramp, --storm and --churn must not be negative");
        Require(FindMost is null || !Everybody, "--find-most-subscribers needs a number of --subscribers to begin with");
        Require(FindMost is null || Churn == 0, "--find-most-subscribers and --storm exclude each other");
        Media.Validate();

        static void Require(bool good, string complaint)
        {
            if (!good)
            {
                throw new ArgumentException(complaint);
            }
        }
    }
}

/// <summary>When a server serves its subscribers well.</summary>
/// <param name="MostLoss">Share of the expected packets, 0 to 1.</param>
/// <param name="MostLatency">Of the 99th percentile.</param>
public sealed record ServiceLimits(double MostLoss, TimeSpan MostLatency)
{
    public static readonly ServiceLimits Default = new(0.001, TimeSpan.FromMilliseconds(50));
}

/// <summary>A process whose CPU time and memory are told, under this name.</summary>
public sealed record WatchedProcess(string Name, int Pid);

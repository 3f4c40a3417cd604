using RtcPlatform.LoadGenerator.Measuring;

namespace RtcPlatform.LoadGenerator.Reports;

/// <summary>What a run found; as JSON with camelCase names. Shares are 0 to 1, durations milliseconds unless named otherwise.</summary>
public sealed record LoadReport
{
    public required DateTimeOffset StartedAt { get; init; }

    public required MachineFacts Machine { get; init; }

    public required PlanFacts Plan { get; init; }

    public required SetupResult Setup { get; init; }

    public required MediaResult Media { get; init; }

    /// <summary>The watched processes, in the order in which they were named.</summary>
    public required IReadOnlyList<ProcessResult> Processes { get; init; }

    /// <summary>The load tool itself.</summary>
    public required ToolResult Tool { get; init; }

    /// <summary>Null unless subscribers joined and left during the measurement.</summary>
    public ChurnResult? Churn { get; init; }

    /// <summary>Null unless the most subscribers were searched.</summary>
    public MostResult? Most { get; init; }

    /// <summary>What makes the figures doubtful; empty = nothing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <param name="IdleShare">Of all processors, during the measurement.</param>
public sealed record MachineFacts(int Processors, string Kernel, double IdleShare);

/// <summary>What was asked for.</summary>
public sealed record PlanFacts(
    string Server,
    int Rooms,
    int PublishersPerRoom,
    int Subscribers,
    bool EverybodyWatchesEverybody,
    bool Audio,
    bool Video,
    int VideoBitrate,
    int FramesPerSecond,
    int PacketSize,
    int AudioSize,
    string Pacing,
    double MeasuredSeconds);

/// <summary>How sessions came up; each time counts from the POST of the offer.</summary>
/// <param name="PerSecond">Subscribers that connected, by the time from the first POST to the last connected one.</param>
public sealed record SetupResult(
    int PublishersConnected,
    int SubscribersConnected,
    int Failed,
    string? FirstFailure,
    double PerSecond,
    Percentiles Answer,
    Percentiles IceConnected,
    Percentiles DtlsConnected,
    Percentiles FirstPacket);

/// <summary>What came through of what was sent during the measurement.</summary>
/// <param name="PacketsPerSecond">Received and checked, all sessions together.</param>
/// <param name="Expected">Packets sent during the measurement, times those who should get them.</param>
/// <param name="Damaged">Decrypted, but the checksum is wrong. Since the start, as the following ones.</param>
/// <param name="Misrouted">Whole, but of a room or publisher that was not asked for.</param>
/// <param name="Late">Came after a higher number of their stream.</param>
/// <param name="Silent">Streams of subscribers of which nothing at all was received.</param>
/// <param name="Latency">From the sender's stamp to the kernel's arrival time at the subscriber's socket.</param>
public sealed record MediaResult(
    double PacketsPerSecond,
    double MegabitsPerSecond,
    double SentPacketsPerSecond,
    long Expected,
    long Received,
    double LossShare,
    long Damaged,
    long Misrouted,
    long Late,
    long Duplicates,
    long Undecryptable,
    long Unexpected,
    long KeyFrameRequests,
    long Retransmitted,
    int Silent,
    int SessionsLost,
    Percentiles Latency,
    Percentiles AudioLatency,
    Percentiles VideoLatency);

/// <summary>A watched process during the measurement.</summary>
/// <param name="NanosecondsPerPacket">Its CPU time by the packets that all subscribers received.</param>
/// <param name="SetupMilliseconds">CPU time from the first subscriber's join to the last one's, by subscriber; 0 in a search.</param>
/// <param name="ResidentGrowthKib">From before the first subscriber joined to the end of the measurement, each subscriber.</param>
public sealed record ProcessResult(
    string Name,
    int Pid,
    string Cpus,
    CpuUse Cpu,
    double NanosecondsPerPacket,
    double SetupMilliseconds,
    long ResidentKib,
    long ProportionalKib,
    double ResidentGrowthKib,
    double ProportionalGrowthKib);

/// <param name="ReceiveCores">Of the busiest receiving thread; near 1 it is saturated.</param>
/// <param name="ReceiveNanosecondsPerPacket">CPU time of the receiving threads by received packet.</param>
/// <param name="SendLateness">How long after its time a packet left.</param>
/// <param name="Overflow">Datagrams lost in the tool's own socket buffers.</param>
public sealed record ToolResult(
    CpuUse Cpu,
    double ReceiveCores,
    double SendCores,
    double ReceiveNanosecondsPerPacket,
    Percentiles SendLateness,
    long Overflow,
    long SendErrors);

/// <summary>Those who joined and left during the measurement; the latency of the others is the report's own.</summary>
public sealed record ChurnResult(
    double AskedPerSecond,
    int Joined,
    int Left,
    int Failed,
    string? FirstFailure,
    long GapsInTheirStreams,
    Percentiles DtlsConnected,
    Percentiles FirstPacket,
    Percentiles TheirLatency);

/// <param name="Subscribers">The most that were served within the limits; 0 = not even the first step was.</param>
public sealed record MostResult(int Subscribers, double LossLimit, double LatencyLimit, IReadOnlyList<MostStep> Steps);

/// <summary>One size that was tried.</summary>
public sealed record MostStep(int Subscribers, bool Good, double LossShare, double P99, double PacketsPerSecond, double ServerCores);

namespace RtcPlatform.LoadGenerator.Reports;

/// <summary>How a run is going, once a second.</summary>
/// <param name="Doing">Such as <c>subscribers join</c>.</param>
/// <param name="Missing">Packets that every session misses so far, since it joined.</param>
/// <param name="P99">Milliseconds, of the last second's measured packets; 0 outside the measurement.</param>
/// <param name="ServerCores">Of all watched processes together, in the last second.</param>
/// <param name="ReceiveCores">Of the tool's receiving threads.</param>
public sealed record LoadProgress(
    TimeSpan Elapsed,
    string Doing,
    int Publishers,
    int Subscribers,
    double PacketsPerSecond,
    double MegabitsPerSecond,
    long Missing,
    double P50,
    double P99,
    double ServerCores,
    double ReceiveCores);

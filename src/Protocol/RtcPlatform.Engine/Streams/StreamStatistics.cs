namespace RtcPlatform.Engine.Streams;

/// <summary>What was received of one stream since it began.</summary>
/// <param name="Packets">Distinct packets, recovered ones included.</param>
/// <param name="PayloadBytes">Payload without headers and padding (RFC 3550 section 6.4.1 counts so).</param>
/// <param name="Recovered">Packets that came as retransmissions.</param>
/// <param name="Lost">Expected less received, before repair; negative when duplicates came (RFC 3550 appendix A.3).</param>
/// <param name="FractionLost">Of the last report interval, in 1/256.</param>
/// <param name="Jitter">Interarrival jitter (RFC 3550 section 6.4.1).</param>
public readonly record struct ReceiveStatistics(
    ulong Packets,
    ulong PayloadBytes,
    ulong Recovered,
    long Lost,
    byte FractionLost,
    TimeSpan Jitter,
    ulong NacksSent,
    ulong KeyFrameRequestsSent);

/// <summary>What was sent on one stream since it began, and what its receiver last reported.</summary>
/// <param name="Packets">First transmissions.</param>
/// <param name="PayloadBytes">Their payload.</param>
/// <param name="RetransmittedPackets">Sent again on the retransmission source.</param>
/// <param name="RemoteFractionLost">In 1/256, of the receiver's last interval.</param>
/// <param name="RemoteLost">The receiver's cumulative count.</param>
/// <param name="RoundTrip">Zero until the first report that answers one of ours.</param>
public readonly record struct SendStatistics(
    ulong Packets,
    ulong PayloadBytes,
    ulong RetransmittedPackets,
    byte RemoteFractionLost,
    int RemoteLost,
    TimeSpan RemoteJitter,
    TimeSpan RoundTrip,
    ulong NacksReceived,
    ulong KeyFrameRequestsReceived);

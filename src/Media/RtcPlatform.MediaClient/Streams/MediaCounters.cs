namespace RtcPlatform.MediaClient.Streams;

/// <summary>Everything counted since the connection began, as it was at one moment. Octets are RTP payload.</summary>
/// <param name="Lost">Numbers of the senders' own counting that never came, between the first and the highest that did.</param>
/// <param name="OutOfOrder">Came after a higher number, or twice.</param>
/// <param name="ChecksumErrors">Decrypted, but the content is not what was sent.</param>
/// <param name="Retransmissions">Packets on retransmission sources; not looked into.</param>
/// <param name="Undecryptable">Failed SRTP: wrong keys, damage, or a replay.</param>
/// <param name="Unexpected">Of a source that no answer named, or no packet of any protocol.</param>
/// <param name="KeyFrameRequests">PLI and FIR received for what is sent.</param>
/// <param name="NackedPackets">Numbers that the server asked for again.</param>
public sealed record MediaCounters(
    long Sent,
    long SentBytes,
    long KeyFramesSent,
    long Received,
    long ReceivedBytes,
    long Lost,
    long OutOfOrder,
    long ChecksumErrors,
    long Retransmissions,
    long Undecryptable,
    long Unexpected,
    long RtcpReceived,
    long KeyFrameRequests,
    long NackedPackets);

/// <summary>What arrived of one track.</summary>
/// <param name="MeanDelay">From the sender's clock to ours; meaningful on one machine only.</param>
public sealed record TrackReception(
    string TrackSid, bool IsVideo, long Received, long Lost, long OutOfOrder, long ChecksumErrors,
    long KeyFrames,
    TimeSpan MeanDelay, TimeSpan LongestDelay);

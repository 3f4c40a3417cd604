namespace RtcPlatform.Engine;

/// <summary>What one peer's connection has done since it began; streams have their own.</summary>
/// <param name="ChecksAnswered">Authentic ICE checks.</param>
/// <param name="RtpReceived">Authentic RTP packets, retransmissions and probes included.</param>
/// <param name="RtcpReceived">Authentic RTCP compounds.</param>
/// <param name="DatagramsSent">SRTP and SRTCP; STUN and DTLS are not counted.</param>
/// <param name="BytesSent">Their octets, tags included, UDP and IP headers not.</param>
/// <param name="RoundTrip">Smoothed; zero until measured.</param>
/// <param name="RemoteEstimate">The client's latest REMB in bit/s; 0 before the first.</param>
public readonly record struct PeerStatistics(
    ulong ChecksAnswered,
    ulong RtpReceived,
    ulong RtcpReceived,
    ulong DatagramsSent,
    ulong BytesSent,
    TimeSpan RoundTrip,
    ulong RemoteEstimate);

namespace RtcPlatform.Wire.Rtp;

/// <summary>A codec as negotiated for one media section: its payload types there and the feedback it may use.</summary>
/// <param name="Codec">The encoding.</param>
/// <param name="PayloadType">RTP payload type, 0 to 127.</param>
/// <param name="RtxPayloadType">Payload type of its retransmission stream (RFC 4588), 0 = none.</param>
/// <param name="ClockRate">RTP clock rate in Hz.</param>
/// <param name="Channels">1 unless the rtpmap says otherwise.</param>
/// <param name="Parameters">The value of its <c>a=fmtp</c> line, empty when there is none.</param>
/// <param name="Feedback">Feedback messages that both sides agreed to.</param>
public sealed record CodecBinding(
    CodecName Codec,
    byte PayloadType,
    byte RtxPayloadType,
    int ClockRate,
    int Channels,
    string Parameters,
    RtcpFeedback Feedback);

/// <summary>The values of <c>a=rtcp-fb</c> (RFC 4585, RFC 5104, transport-wide-cc-01).</summary>
[Flags]
public enum RtcpFeedback : byte
{
    None = 0,
    Nack = 1,
    NackPli = 2,
    CcmFir = 4,
    TransportCc = 8,
    GoogRemb = 16,
}

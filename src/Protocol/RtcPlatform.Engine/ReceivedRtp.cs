using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine;

/// <summary>One authentic, decrypted, not yet seen packet; valid until the datagram's buffer is used again.</summary>
public ref struct ReceivedRtp
{
    public ReceiveStream Stream;

    /// <summary>
    /// The packet as it was first sent: a retransmission has its original header back. The payload may be empty: padding
    /// that probes the path still takes a sequence number.
    /// </summary>
    public RtpPacketView View;

    /// <summary>Roll-over counter and sequence number of the original stream; begins below 65,536 (RFC 3711).</summary>
    public ulong ExtendedSequence;

    /// <summary>True when it came as a retransmission (RFC 4588).</summary>
    public bool Recovered;

    public ForwardedExtensions Extensions;

    public CodecBinding Codec;
}

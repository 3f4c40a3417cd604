using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Pipes;

internal enum PipeMessageKind : byte
{
    /// <summary>A publisher's packet, on its way from the shard that has the track.</summary>
    Packet,

    /// <summary>A publisher's sender report, the same way.</summary>
    SenderReport,

    /// <summary>A key frame is needed; the other way.</summary>
    KeyFrameRequest,
}

/// <summary>What stands in a slot of a <see cref="PipeRing"/>; the spans live until the slot is released.</summary>
internal ref struct PipeMessage
{
    public PipeMessageKind Kind;

    public Pipe Pipe;

    /// <summary>Index of the layer.</summary>
    public int Layer;

    /// <summary>Of a packet.</summary>
    public IncomingRtp Packet;

    /// <summary>Of a sender report.</summary>
    public SenderClock Clock;
}

/// <summary>A publisher's clocks from its sender report (RFC 3550 section 6.4.1).</summary>
/// <param name="Ntp">Wall clock.</param>
/// <param name="RtpTimestamp">The same moment on the media clock.</param>
/// <param name="Arrival">When the report arrived at the node.</param>
internal readonly record struct SenderClock(NtpTime Ntp, uint RtpTimestamp, MonoTime Arrival);

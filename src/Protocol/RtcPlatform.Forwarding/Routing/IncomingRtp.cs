using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>A decrypted packet of a publisher as the router sees it; the spans live until the end of the call.</summary>
public ref struct IncomingRtp
{
    /// <summary>The publisher's sequence number with its roll-over counter above; 48 bits.</summary>
    public ulong ExtendedSequence;

    public uint Ssrc;

    public uint Timestamp;

    public bool Marker;

    /// <summary>True when the first packet of a key frame is in the payload; always false for audio.</summary>
    public bool StartsKeyFrame;

    /// <summary>The codec of the publisher's section that the payload type named.</summary>
    public CodecBinding Codec;

    /// <summary>Without padding.</summary>
    public ReadOnlySpan<byte> Payload;

    public ForwardedExtensions Extensions;
}

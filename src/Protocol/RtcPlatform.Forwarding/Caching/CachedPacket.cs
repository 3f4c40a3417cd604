using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Caching;

/// <summary>What a cache keeps of a packet.</summary>
public ref struct CachedPacket
{
    public uint Timestamp;
    public bool Marker;
    public CodecBinding Codec;
    public ReadOnlySpan<byte> Payload;
    public ForwardedExtensions Extensions;
}

/// <summary>What a look-up in a <see cref="PacketCache"/> came to.</summary>
public enum CacheResult : byte
{
    Found,

    /// <summary>Was there or may have been, and is overwritten.</summary>
    Evicted,

    /// <summary>Within the window that is kept, and not there: the publisher's packet was lost.</summary>
    NeverArrived,
}

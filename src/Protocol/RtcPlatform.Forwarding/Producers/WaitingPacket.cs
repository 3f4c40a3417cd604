using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Producers;

/// <summary>A packet that stands in its layer's cache and is to be forwarded with the others of this wake-up.</summary>
internal struct WaitingPacket
{
    public Layer Layer;
    public CodecBinding Codec;
    public ulong ExtendedSequence;
    public uint Timestamp;

    /// <summary>Where the cache keeps it.</summary>
    public int Slot;

    /// <summary>RTP padding that makes it as long as its neighbours, 0 to 16.</summary>
    public byte Padding;

    public bool StartsKeyFrame;
}

using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Peer;

/// <summary>Takes what a <see cref="ClientPeer"/> decrypted, on the thread that gave it the datagram.</summary>
internal interface IPeerMedia
{
    /// <summary>False when nobody expects its source.</summary>
    bool TakeRtp(MonoTime now, scoped in RtpPacketView packet);

    void TakeRtcp(MonoTime now, ReadOnlySpan<byte> compound);
}

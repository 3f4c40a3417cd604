using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine;

/// <summary>What a peer's RTCP means to its neighbours. Implemented by a struct, so that the calls are not virtual.</summary>
public interface IRtcpEvents
{
    /// <summary>The client cannot decode this stream without a key frame: PLI or FIR, a repeated FIR reported once.</summary>
    void OnKeyFrameRequest(SendStream stream);

    /// <summary>The client misses a packet of ours; not called again for the same packet within a round trip.</summary>
    void OnNack(SendStream stream, ushort sequenceNumber);

    /// <summary>
    /// The publisher's clocks: <paramref name="rtpTimestamp"/> was sampled at <paramref name="ntp"/> of its wall clock. To
    /// be passed to <see cref="SendStream.SetClockReference"/> of its subscribers.
    /// </summary>
    void OnSenderReport(ReceiveStream stream, NtpTime ntp, uint rtpTimestamp, MonoTime now);

    /// <summary>The client said that this source has ended.</summary>
    void OnBye(ReceiveStream stream);
}

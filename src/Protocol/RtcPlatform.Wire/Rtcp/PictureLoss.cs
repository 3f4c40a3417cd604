using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>PLI: the receiver lost a picture and asks for one it can start from (RFC 4585 section 6.3.1).</summary>
public static class PictureLoss
{
    public const int Length = 12;

    public static bool TryRead(RtcpPacketView packet, out uint senderSsrc, out uint mediaSsrc)
    {
        bool isOne = packet.IsFeedback(RtcpType.PayloadFeedback, FeedbackFormat.PictureLoss);
        senderSsrc = isOne ? BinaryPrimitives.ReadUInt32BigEndian(packet.Body) : 0;
        mediaSsrc = isOne ? BinaryPrimitives.ReadUInt32BigEndian(packet.Body[4..]) : 0;
        return isOne;
    }

    /// <returns>The octets written, always <see cref="Length"/>.</returns>
    public static int Write(Span<byte> destination, uint senderSsrc, uint mediaSsrc)
    {
        RtcpFormat.WriteFeedbackHeader(
            destination, RtcpType.PayloadFeedback, FeedbackFormat.PictureLoss, Length, senderSsrc, mediaSsrc);
        return Length;
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>REMB: the bitrate that the receiver thinks its path can carry (draft-alvestrand-rmcat-remb-03 section 2.2).</summary>
public readonly ref struct ReceiverEstimatedMaxBitrate
{
    private const uint Identifier = 0x5245_4D42; // "REMB"
    private const int FixedLength = 8;
    private const int MantissaBits = 18;

    private ReceiverEstimatedMaxBitrate(uint senderSsrc, ulong bitsPerSecond, SsrcList ssrcs)
    {
        SenderSsrc = senderSsrc;
        BitsPerSecond = bitsPerSecond;
        Ssrcs = ssrcs;
    }

    public uint SenderSsrc { get; }

    /// <summary>For all <see cref="Ssrcs"/> together; what 64 bits cannot hold is given as the maximum.</summary>
    public ulong BitsPerSecond { get; }

    public SsrcList Ssrcs { get; }

    public static bool TryRead(RtcpPacketView packet, out ReceiverEstimatedMaxBitrate estimate)
    {
        estimate = default;
        if (!packet.IsFeedback(RtcpType.PayloadFeedback, FeedbackFormat.ApplicationLayer))
        {
            return false;
        }

        ReadOnlySpan<byte> body = packet.Body[RtcpFormat.FeedbackSourcesLength..];
        if (body.Length < FixedLength
            || BinaryPrimitives.ReadUInt32BigEndian(body) != Identifier
            || body.Length < FixedLength + (body[4] * RtcpFormat.SsrcLength))
        {
            return false;
        }

        uint packed = BinaryPrimitives.ReadUInt32BigEndian(body[4..]) & 0xFF_FFFF;
        int exponent = (int)(packed >> MantissaBits);
        ulong mantissa = packed & ((1u << MantissaBits) - 1);
        bool overflows = mantissa != 0 && BitOperations.Log2(mantissa) + exponent > 63;
        estimate = new ReceiverEstimatedMaxBitrate(
            BinaryPrimitives.ReadUInt32BigEndian(packet.Body),
            overflows ? ulong.MaxValue : mantissa << exponent,
            new SsrcList(body.Slice(FixedLength, body[4] * RtcpFormat.SsrcLength)));
        return true;
    }

    /// <param name="bitsPerSecond">Rounded down to 18 significant bits.</param>
    /// <param name="ssrcs">At most 255.</param>
    /// <returns>The octets written.</returns>
    public static int Write(Span<byte> destination, uint senderSsrc, ulong bitsPerSecond, ReadOnlySpan<uint> ssrcs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ssrcs.Length, byte.MaxValue);
        const int start = RtcpFormat.HeaderLength + RtcpFormat.FeedbackSourcesLength;
        int length = start + FixedLength + (ssrcs.Length * RtcpFormat.SsrcLength);
        RtcpFormat.WriteFeedbackHeader(
            destination, RtcpType.PayloadFeedback, FeedbackFormat.ApplicationLayer, length, senderSsrc, mediaSsrc: 0);
        int exponent = Math.Max(0, BitOperations.Log2(bitsPerSecond) + 1 - MantissaBits);
        uint packed = ((uint)ssrcs.Length << 24) | ((uint)exponent << MantissaBits) | (uint)(bitsPerSecond >> exponent);
        BinaryPrimitives.WriteUInt32BigEndian(destination[start..], Identifier);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(start + 4)..], packed);
        SsrcList.Write(destination[(start + FixedLength)..], ssrcs);
        return length;
    }
}

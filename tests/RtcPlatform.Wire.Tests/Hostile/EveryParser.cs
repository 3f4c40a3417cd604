using RtcPlatform.Wire.Extensions;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Payload;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Wire.Tests.Hostile;

/// <summary>
/// Gives one input to every parser, whatever kind it seems to be, and reads everything that an accepting parser offers.
/// Returns how many accepted, so that a test can tell that its inputs get past the first check.
/// </summary>
internal static class EveryParser
{
    /// <summary>A walk longer than this over one datagram would be an attack on the processor.</summary>
    private const int LongestWalk = 70_000;

    private static readonly CodecName[] Codecs = Enum.GetValues<CodecName>();

    internal static int Read(ReadOnlySpan<byte> input)
    {
        Assert.InRange(Demux.Classify(input), DatagramKind.Unknown, DatagramKind.Zrtp);
        return ReadStun(input) + ReadRtp(input) + ReadRtcp(input) + ReadPayload(input);
    }

    private static int ReadStun(ReadOnlySpan<byte> input)
    {
        if (!StunMessageView.TryParse(input, out StunMessageView view))
        {
            return 0;
        }

        Assert.Equal(12, view.TransactionId.Length);
        Assert.InRange((int)view.Class, 0, 3);
        Assert.InRange((int)view.Method, 0, 0xFFF);
        int total = 0;
        StunAttributeReader reader = view.Attributes;
        while (reader.MoveNext())
        {
            total += 4 + reader.Value.Length;
        }

        Assert.InRange(total, 0, input.Length - 20);
        if (view.TryGetErrorCode(out int code, out _))
        {
            Assert.InRange(code, 300, 699);
        }

        _ = view.TryGetUsername(out _) | view.TryGetPriority(out _) | view.TryGetIceControlled(out _) | view.UseCandidate;
        _ = view.TryGetIceControlling(out _) | view.TryGetXorMappedAddress(out _);
        Assert.InRange(view.FindUnknownRequired(stackalloc ushort[3]), 0, 3);
        Assert.False(view.VerifyIntegrity("no such key"u8) || view.VerifyIntegritySha256("no such key"u8));
        _ = view.VerifyFingerprint();
        return 1;
    }

    private static int ReadRtp(ReadOnlySpan<byte> input)
    {
        if (!RtpPacketView.TryReadHeader(input, out RtpHeader header))
        {
            Assert.False(RtpPacketView.TryParse(input, out _));
            return 0;
        }

        Assert.InRange(header.HeaderLength, 12, input.Length);
        RtpExtensionReader extensions = header.Extensions(input);
        int total = 0;
        while (extensions.MoveNext())
        {
            total += 1 + extensions.Value.Length;
            _ = AudioLevel.TryRead(extensions.Value, out _) | AbsSendTime.TryRead(extensions.Value, out _);
            _ = TransportCcSequence.TryRead(extensions.Value, out _) | DependencyDescriptor.TryRead(extensions.Value, out _);
            _ = StreamLabel.Matches(extensions.Value, "mid");
        }

        Assert.InRange(total, 0, header.ExtensionLength);
        if (!RtpPacketView.TryParse(input, out RtpPacketView view))
        {
            return 1;
        }

        Assert.Equal(input.Length, view.HeaderLength + view.Payload.Length + view.PaddingLength);
        ReadPayload(view.Payload);
        return 2;
    }

    private static int ReadPayload(ReadOnlySpan<byte> payload)
    {
        int accepted = 0;
        foreach (CodecName codec in Codecs)
        {
            accepted += KeyFrame.IsKeyFrameStart(codec, payload) ? 1 : 0;
        }

        if (Vp8Descriptor.TryRead(payload, out Vp8Descriptor vp8))
        {
            Assert.InRange(vp8.Length, 1, payload.Length - 1);
            Assert.InRange(vp8.PictureIdOffset, 0, vp8.Length - 1);
            Assert.InRange(vp8.Tl0PicIdxOffset, 0, vp8.Length - 1);
        }

        if (Vp9Descriptor.TryRead(payload, out Vp9Descriptor vp9))
        {
            Assert.InRange(vp9.Length, 1, payload.Length - 1);
        }

        return accepted;
    }

    private static int ReadRtcp(ReadOnlySpan<byte> input)
    {
        int packets = 0;
        int bodies = 0;
        var reader = new RtcpReader(input);
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            packets++;
            bodies += 4 + packet.Body.Length;
            ReadReports(packet);
            ReadFeedback(packet);
        }

        Assert.InRange(bodies, 0, input.Length);
        Assert.Equal(RtcpReader.IsWellFormed(input), packets > 0 && !reader.IsMalformed);
        return packets;
    }

    private static void ReadReports(RtcpPacketView packet)
    {
        if (SenderReport.TryRead(packet, out _, out ReportBlocks blocks) || ReceiverReport.TryRead(packet, out _, out blocks))
        {
            for (int index = 0; index < blocks.Count; index++)
            {
                Assert.InRange(blocks[index].CumulativeLost, -0x800000, 0x7FFFFF);
            }
        }

        if (SourceDescription.TryRead(packet, out SourceDescriptionReader items))
        {
            int total = 0;
            while (items.MoveNext())
            {
                total += 2 + items.Value.Length;
            }

            Assert.InRange(total, 0, packet.Body.Length);
        }

        if (Goodbye.TryRead(packet, out SsrcList ssrcs))
        {
            ReadAll(ssrcs);
        }
    }

    private static void ReadFeedback(RtcpPacketView packet)
    {
        int walked = 0;
        if (GenericNack.TryRead(packet, out GenericNack nack))
        {
            foreach (ushort _ in nack)
            {
                walked++;
            }
        }

        if (TransportCcFeedback.TryRead(packet, out TransportCcFeedback feedback))
        {
            foreach (TransportCcStatus _ in feedback)
            {
                walked++;
            }

            Assert.Equal(feedback.StatusCount, walked);
        }

        if (FullIntra.TryRead(packet, out FullIntra request))
        {
            for (int index = 0; index < request.Count; index++)
            {
                _ = request[index];
            }
        }

        if (ReceiverEstimatedMaxBitrate.TryRead(packet, out ReceiverEstimatedMaxBitrate estimate))
        {
            ReadAll(estimate.Ssrcs);
        }

        _ = PictureLoss.TryRead(packet, out _, out _);
        Assert.InRange(walked, 0, LongestWalk);
    }

    private static void ReadAll(SsrcList ssrcs)
    {
        for (int index = 0; index < ssrcs.Count; index++)
        {
            _ = ssrcs[index];
        }
    }
}

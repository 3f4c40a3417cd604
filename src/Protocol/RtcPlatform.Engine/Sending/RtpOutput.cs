using System.Buffers.Binary;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Sending;

/// <summary>Writes a subscriber's header and encrypts the shared payload behind it, straight into the outgoing slot.</summary>
internal static class RtpOutput
{
    // Fixed header, MID, send time and what is forwarded, in the two-byte form, with room for a dependency descriptor that
    // brings its structure. What is longer is refused before anything is written.
    private const int HeaderRoom = 400;
    private const int OriginalSequenceLength = 2;
    private const int LongestMid = 16;

    public static DropReason Send<TSink>(
        MonoTime now, PeerTransport transport, SendStream stream, scoped in OutgoingRtp packet, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!transport.CanSend || transport.Sender is not { } sender)
        {
            return DropReason.NotConnected;
        }

        Span<byte> slot = sink.Rent();
        if (!Fits(packet, sender, slot.Length))
        {
            return DropReason.PacketTooLarge;
        }

        int header = WriteHeader(
            now, stream, packet, slot, packet.PayloadType, (ushort)packet.ExtendedSequence, packet.Ssrc);
        int length = sender.ProtectRtp(slot, header, packet.Payload, packet.ExtendedSequence, transport.Tags);
        stream.CountSent(packet.Payload.Length - packet.Padding);
        transport.Commit(length, ref sink);
        return DropReason.None;
    }

    /// <summary>RFC 4588 section 4: own source, sequence number and payload type; the payload behind its original number.</summary>
    public static DropReason SendAgain<TSink>(
        MonoTime now, PeerTransport transport, SendStream stream, scoped in OutgoingRtp original, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!transport.CanSend || transport.Sender is not { } sender)
        {
            return DropReason.NotConnected;
        }

        // On the original source it would meet the same nonce with another header, which AEAD forbids.
        byte payloadType = stream.Payloads.Primary(original.PayloadType)?.RtxPayloadType ?? 0;
        if (payloadType == 0 || stream.RtxSsrc == 0)
        {
            return DropReason.RtxNotNegotiated;
        }

        Span<byte> slot = sink.Rent();
        if (!Fits(original, sender, slot.Length - OriginalSequenceLength))
        {
            return DropReason.PacketTooLarge;
        }

        ulong sequence = stream.TakeRtxSequence();
        int header = WriteHeader(now, stream, original, slot, payloadType, (ushort)sequence, stream.RtxSsrc);
        Span<byte> payload = slot.Slice(header, OriginalSequenceLength + original.Payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)original.ExtendedSequence);
        original.Payload.CopyTo(payload[OriginalSequenceLength..]);
        transport.Commit(sender.ProtectRtp(slot, header, payload, sequence, transport.Tags), ref sink);
        return DropReason.None;
    }

    private static bool Fits(scoped in OutgoingRtp packet, SrtpSender sender, int slotLength)
    {
        ForwardedExtensions extensions = packet.Extensions;
        int elements = extensions.AudioLevel.Length + extensions.VideoOrientation.Length + extensions.PlayoutDelay.Length
            + extensions.AbsCaptureTime.Length + extensions.DependencyDescriptor.Length;

        // 12 fixed, 4 block, 3 alignment, 7 elements of 2 octets before their value, 16 MID, 3 send time.
        int header = 12 + 4 + 3 + (7 * 2) + LongestMid + 3 + elements;
        int room = Math.Min(slotLength, IDatagramSink.SlotSize);
        return header <= HeaderRoom
            && extensions.DependencyDescriptor.Length <= byte.MaxValue
            && header + packet.Payload.Length + sender.RtpOverhead <= room;
    }

    private static int WriteHeader(
        MonoTime now,
        SendStream stream,
        scoped in OutgoingRtp packet,
        Span<byte> slot,
        byte payloadType,
        ushort sequence,
        uint ssrc)
    {
        HeaderExtensionIds ids = stream.Extensions;
        var writer = new RtpHeaderWriter(slot);
        writer.WriteFixed(payloadType, packet.Marker, sequence, packet.Timestamp, ssrc, packet.Padding > 0);
        if (ids.Mid != 0 && !stream.HasBeenReported)
        {
            // The client may see the packet before the answer that names its source (RFC 8843 section 9.2).
            writer.AddExtension(ids.Mid, stream.MidOctets);
        }

        if (ids.AbsSendTime != 0)
        {
            Span<byte> sendTime = stackalloc byte[3];
            WriteSendTime(now, sendTime);
            writer.AddExtension(ids.AbsSendTime, sendTime);
        }

        Forward(ref writer, ids.AudioLevel, packet.Extensions.AudioLevel);
        Forward(ref writer, ids.VideoOrientation, packet.Extensions.VideoOrientation);
        Forward(ref writer, ids.PlayoutDelay, packet.Extensions.PlayoutDelay);
        Forward(ref writer, ids.AbsCaptureTime, packet.Extensions.AbsCaptureTime);
        Forward(ref writer, ids.DependencyDescriptor, packet.Extensions.DependencyDescriptor);
        return writer.Finish();
    }

    private static void Forward(ref RtpHeaderWriter writer, byte id, scoped ReadOnlySpan<byte> value)
    {
        if (id != 0 && !value.IsEmpty)
        {
            writer.AddExtension(id, value);
        }
    }

    /// <summary>abs-send-time: seconds modulo 64 in 6.18 fixed point.</summary>
    private static void WriteSendTime(MonoTime now, Span<byte> destination)
    {
        // The field wraps after 64 s; taken modulo that before, the product fits 64 bits.
        var fixedPoint = (uint)((ulong)now.Nanoseconds % 64_000_000_000 * (1 << 18) / 1_000_000_000);
        destination[0] = (byte)(fixedPoint >> 16);
        destination[1] = (byte)(fixedPoint >> 8);
        destination[2] = (byte)fixedPoint;
    }
}

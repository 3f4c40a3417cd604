using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Congestion;
using RtcPlatform.Engine.Dispatch;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Streams;

/// <summary>The way of a received RTP packet: source, keys, registers, original header. The cheap refusals come first.</summary>
internal sealed class RtpInput(PeerTransport transport, PeerStreams streams, TransportCcRegister transportCc, RoundTripEstimator roundTrip)
{
    private const int OriginalSequenceLength = 2;

    /// <summary>The earliest time at which a stream wants to ask for packets again; may be early.</summary>
    public MonoTime NacksDue { get; set; } = MonoTime.Never;

    /// <summary>Any source of the client: the media source of transport-wide feedback.</summary>
    public uint LastSsrc { get; private set; }

    public ulong PacketsReceived { get; private set; }

    public DropReason Receive(MonoTime now, Span<byte> datagram, out ReceivedRtp packet)
    {
        packet = default;
        if (transport.Receiver is not { } receiver)
        {
            return DropReason.NotDtlsConnected;
        }

        if (!RtpHeader.TryRead(datagram, out RtpHeader header))
        {
            return DropReason.RtpMalformed;
        }

        DropReason reason = Dispatch(header, datagram, out ReceiveStream stream, out SourceRole role, out bool learned);
        if (reason != DropReason.None)
        {
            return reason;
        }

        CodecBinding? codec = role == SourceRole.Retransmission
            ? stream.Payloads.Retransmission(header.PayloadType)
            : stream.Payloads.Primary(header.PayloadType);
        if (codec is null)
        {
            return DropReason.UnknownPayloadType;
        }

        SrtpResult result = receiver.TryUnprotectRtp(datagram, header.HeaderLength, out int length, out ulong sequence);
        if (result == SrtpResult.TooManySources && streams.TryForgetRetired(receiver))
        {
            result = receiver.TryUnprotectRtp(datagram, header.HeaderLength, out length, out sequence);
        }

        if (result != SrtpResult.Ok)
        {
            return Reason(result);
        }

        transport.Heard(now);
        if (learned)
        {
            reason = streams.Sources.Bind(header.Ssrc, stream, role);
            if (reason != DropReason.None)
            {
                return reason;
            }
        }

        NoteTransport(now, header, datagram, stream);
        packet.Stream = stream;
        packet.Codec = codec;
        return role == SourceRole.Retransmission
            ? Recover(now, datagram[..length], header, ref packet)
            : Accept(now, datagram[..length], sequence, ref packet);
    }

    private DropReason Dispatch(
        in RtpHeader header, ReadOnlySpan<byte> datagram, out ReceiveStream stream, out SourceRole role, out bool learned)
    {
        int row = streams.Sources.Find(header.Ssrc);
        learned = row < 0;
        if (row >= 0)
        {
            stream = streams.Sources.Stream(row);
            role = streams.Sources.Role(row);
            return role == SourceRole.Superseded ? DropReason.UnknownSource : DropReason.None;
        }

        if (!streams.Resolver.TryResolve(header, datagram, out stream, out role))
        {
            return DropReason.UnknownSource;
        }

        return streams.Sources.Count == SourceDirectory.MostSources ? DropReason.TooManySources : DropReason.None;
    }

    private void NoteTransport(MonoTime now, in RtpHeader header, ReadOnlySpan<byte> datagram, ReceiveStream stream)
    {
        LastSsrc = header.Ssrc;
        PacketsReceived++;
        if (stream.UsesTransportCc
            && header.TryGetExtension(datagram, stream.Section.Extensions.TransportCc, out ReadOnlySpan<byte> value)
            && value.Length >= 2)
        {
            transportCc.Add((ushort)((value[0] << 8) | value[1]), now);
        }
    }

    private DropReason Accept(MonoTime now, ReadOnlySpan<byte> rtp, ulong sequence, ref ReceivedRtp packet)
    {
        if (!RtpPacketView.TryParse(rtp, out packet.View))
        {
            return DropReason.RtpMalformed;
        }

        if (!packet.Stream.TryAdd(sequence, packet.View, packet.Codec, now))
        {
            return DropReason.RtxDuplicate;
        }

        packet.ExtendedSequence = sequence;
        packet.Extensions = ForwardedExtensions.Read(packet.View, packet.Stream.Section.Extensions);
        NoteMissing(packet.Stream);
        return DropReason.None;
    }

    /// <summary>
    /// RFC 4588 section 4: the payload begins with the original sequence number. The header moves two octets towards it and
    /// gets the original's numbers back.
    /// </summary>
    private DropReason Recover(MonoTime now, Span<byte> rtx, in RtpHeader header, ref ReceivedRtp packet)
    {
        if (!RtpPacketView.TryParse(rtx, out RtpPacketView outer))
        {
            return DropReason.RtpMalformed;
        }

        if (outer.Payload.Length <= OriginalSequenceLength || packet.Stream.Ssrc == 0)
        {
            return DropReason.RtxEmpty;
        }

        var original = (ushort)((outer.Payload[0] << 8) | outer.Payload[1]);
        int payloadLength = outer.Payload.Length - OriginalSequenceLength;
        if (!packet.Stream.TryAddRecovered(original, payloadLength, now, out ulong sequence, out TimeSpan sample))
        {
            return DropReason.RtxDuplicate;
        }

        roundTrip.Add(sample);
        rtx[..header.HeaderLength].CopyTo(rtx[OriginalSequenceLength..]);
        Span<byte> restored = rtx[OriginalSequenceLength..];
        var writer = new RtpHeaderWriter(restored);
        byte flags = restored[0];
        writer.WriteFixed(packet.Codec.PayloadType, header.Marker, original, header.Timestamp, packet.Stream.Ssrc);
        restored[0] = flags;
        RtpPacketView.TryParse(restored, out packet.View);
        packet.ExtendedSequence = sequence;
        packet.Recovered = true;
        packet.Extensions = ForwardedExtensions.Read(packet.View, packet.Stream.Section.Extensions);
        NoteMissing(packet.Stream);
        return DropReason.None;
    }

    private void NoteMissing(ReceiveStream stream)
    {
        if (stream.Nacks is { } nacks && nacks.NextDue < NacksDue)
        {
            NacksDue = nacks.NextDue;
        }
    }

    private static DropReason Reason(SrtpResult result) => result switch
    {
        SrtpResult.TooShort => DropReason.RtpMalformed,
        SrtpResult.Replayed => DropReason.SrtpReplayed,
        SrtpResult.TooOld => DropReason.SrtpTooOld,
        SrtpResult.TooManySources => DropReason.TooManySources,
        _ => DropReason.SrtpAuthFailed,
    };
}

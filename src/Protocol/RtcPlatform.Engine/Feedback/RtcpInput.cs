using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Dispatch;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Engine.Feedback;

/// <summary>Decrypts the client's RTCP and gives each packet of a compound to the stream it speaks of.</summary>
internal sealed class RtcpInput(PeerTransport transport, PeerStreams streams, RoundTripEstimator roundTrip)
{
    /// <summary>The latest REMB in bit/s; 0 before the first.</summary>
    public ulong RemoteEstimate { get; private set; }

    public ulong CompoundsReceived { get; private set; }

    public DropReason Receive<TEvents>(MonoTime now, Span<byte> datagram, ref TEvents events)
        where TEvents : IRtcpEvents, allows ref struct
    {
        if (transport.Receiver is not { } receiver)
        {
            return DropReason.NotDtlsConnected;
        }

        SrtpResult result = receiver.TryUnprotectRtcp(datagram, out int length);
        if (result != SrtpResult.Ok)
        {
            return Reason(result);
        }

        transport.Heard(now);
        ReadOnlySpan<byte> compound = datagram[..length];
        if (!RtcpReader.IsWellFormed(compound))
        {
            return DropReason.RtcpMalformed;
        }

        CompoundsReceived++;
        var reader = new RtcpReader(compound);
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            Handle(now, packet, ref events);
        }

        return DropReason.None;
    }

    // One place per packet type; what is not ours to act on (SDES, APP, XR) is read past.
    private void Handle<TEvents>(MonoTime now, in RtcpPacketView packet, ref TEvents events)
        where TEvents : IRtcpEvents, allows ref struct
    {
        switch (packet.Type)
        {
            case RtcpType.SenderReport when SenderReport.TryRead(packet, out SenderReport report, out ReportBlocks blocks):
                HandleSenderReport(now, report, ref events);
                HandleBlocks(now, blocks);
                break;
            case RtcpType.ReceiverReport when ReceiverReport.TryRead(packet, out _, out ReportBlocks blocks):
                HandleBlocks(now, blocks);
                break;
            case RtcpType.Goodbye when Goodbye.TryRead(packet, out SsrcList ssrcs):
                HandleGoodbye(ssrcs, ref events);
                break;
            case RtcpType.TransportFeedback when GenericNack.TryRead(packet, out GenericNack nack):
                HandleNack(now, nack, ref events);
                break;
            case RtcpType.PayloadFeedback:
                HandlePayloadFeedback(packet, ref events);
                break;
        }
    }

    private void HandleSenderReport<TEvents>(MonoTime now, in SenderReport report, ref TEvents events)
        where TEvents : IRtcpEvents, allows ref struct
    {
        // A retransmission source reports too; its clock is that of the original and tells nothing new.
        if (streams.Sources.Find(report.SenderSsrc) is >= 0 and int row && streams.Sources.Role(row) == SourceRole.Primary)
        {
            ReceiveStream stream = streams.Sources.Stream(row);
            stream.HandleSenderReport(report, now);
            events.OnSenderReport(stream, report.NtpTime, report.RtpTimestamp, now);
        }
    }

    private void HandleBlocks(MonoTime now, ReportBlocks blocks)
    {
        for (int index = 0; index < blocks.Count; index++)
        {
            ReportBlock block = blocks[index];
            if (streams.FindSendBySource(block.Ssrc) is { } stream)
            {
                stream.HandleReport(block, now);
                roundTrip.Add(stream.TakeRoundTripSample());
            }
        }
    }

    private void HandleNack<TEvents>(MonoTime now, GenericNack nack, ref TEvents events)
        where TEvents : IRtcpEvents, allows ref struct
    {
        if (streams.FindSendBySource(nack.MediaSsrc) is not { } stream)
        {
            transport.Drops.Count(DropReason.RtcpUnknownSource);
            return;
        }

        foreach (ushort sequence in nack)
        {
            if (stream.TryAcceptNack(sequence, now, roundTrip.Value))
            {
                events.OnNack(stream, sequence);
            }
            else
            {
                transport.Drops.Count(DropReason.RtxThrottled);
            }
        }
    }

    private void HandlePayloadFeedback<TEvents>(in RtcpPacketView packet, ref TEvents events)
        where TEvents : IRtcpEvents, allows ref struct
    {
        if (PictureLoss.TryRead(packet, out _, out uint mediaSsrc))
        {
            if (streams.FindSendBySource(mediaSsrc) is { } stream)
            {
                stream.CountPictureLoss();
                events.OnKeyFrameRequest(stream);
            }
            else
            {
                transport.Drops.Count(DropReason.RtcpUnknownSource);
            }
        }
        else if (FullIntra.TryRead(packet, out FullIntra request))
        {
            for (int index = 0; index < request.Count; index++)
            {
                FullIntraEntry entry = request[index];
                if (streams.FindSendBySource(entry.Ssrc) is { } stream && stream.TryAcceptFullIntra(entry.CommandSequence))
                {
                    events.OnKeyFrameRequest(stream);
                }
            }
        }
        else if (ReceiverEstimatedMaxBitrate.TryRead(packet, out ReceiverEstimatedMaxBitrate estimate))
        {
            RemoteEstimate = estimate.BitsPerSecond;
        }
    }

    private void HandleGoodbye<TEvents>(SsrcList ssrcs, ref TEvents events)
        where TEvents : IRtcpEvents, allows ref struct
    {
        for (int index = 0; index < ssrcs.Count; index++)
        {
            if (streams.Sources.Find(ssrcs[index]) is >= 0 and int row && streams.Sources.Role(row) == SourceRole.Primary)
            {
                events.OnBye(streams.Sources.Stream(row));
            }
        }
    }

    private static DropReason Reason(SrtpResult result) => result switch
    {
        SrtpResult.TooShort or SrtpResult.NotEncrypted => DropReason.RtcpMalformed,
        SrtpResult.Replayed => DropReason.SrtpReplayed,
        SrtpResult.TooOld => DropReason.SrtpTooOld,
        SrtpResult.TooManySources => DropReason.TooManySources,
        _ => DropReason.SrtpAuthFailed,
    };
}

using System.Text;
using RtcPlatform.Engine.Congestion;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Feedback;

/// <summary>
/// What the peer says by itself: reports about once a second (RFC 3550 section 6.3, RFC 4585), requests for missing
/// packets, transport-wide feedback, key frame requests that had to wait.
/// </summary>
internal sealed class FeedbackOutput
{
    // Room for the SRTCP index and tag, and for headers below, within a datagram of 1,280 octets.
    private const int LongestCompound = 1150;
    private const int MostBlocks = 31;
    private const int MostNacks = 128;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    // All peers of a thread report at its instants: waking the thread for each of a thousand costs more than their reports.
    private static readonly TimeSpan ReportGrid = TimeSpan.FromMilliseconds(25);

    private readonly PeerTransport _transport;
    private readonly PeerStreams _streams;
    private readonly TransportCcRegister _transportCc;
    private readonly RtpInput _input;
    private readonly RoundTripEstimator _roundTrip;
    private readonly byte[] _cname;
    private readonly uint _ownSsrc;
    private Chance _chance;
    private MonoTime _keyFramesDue = MonoTime.Never;
    private int _firstReported;

    public FeedbackOutput(
        PeerTransport transport,
        PeerStreams streams,
        TransportCcRegister transportCc,
        RtpInput input,
        RoundTripEstimator roundTrip,
        RtcPeerOptions options,
        MonoTime created)
    {
        (_transport, _streams, _transportCc, _input, _roundTrip) = (transport, streams, transportCc, input, roundTrip);
        _cname = Encoding.UTF8.GetBytes(options.Cname);
        _chance = new Chance(options.Seed);
        _ownSsrc = (uint)_chance.Next() | 1;
        ReportsDue = (created + (ReportInterval * _chance.NextFraction())).OnGrid(ReportGrid);
    }

    public MonoTime ReportsDue { get; private set; }

    public MonoTime KeyFramesDue => _keyFramesDue;

    public void SendDue<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (ReportsDue <= now)
        {
            // RFC 3550 section 6.2: half to one and a half of the interval, so that peers do not speak in step.
            ReportsDue = (now + (ReportInterval * (0.5 + _chance.NextFraction()))).OnGrid(ReportGrid);
            SendReports(now, ref sink);
        }

        if (_input.NacksDue <= now)
        {
            SendNacks(now, ref sink);
        }

        if (_transportCc.Due <= now)
        {
            SendTransportFeedback(now, ref sink);
        }

        if (_keyFramesDue <= now)
        {
            SendWaitingKeyFrameRequests(now, ref sink);
        }
    }

    public void RequestKeyFrame<TSink>(MonoTime now, ReceiveStream stream, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (stream.Ssrc == 0 || !_transport.CanSend)
        {
            return;
        }

        if (!stream.KeyFrameRequests.TryRequest(now))
        {
            _keyFramesDue = MonoTime.Min(_keyFramesDue, stream.KeyFrameRequests.Due);
            return;
        }

        Span<byte> rtcp = stackalloc byte[32];
        RtcpFeedback feedback = stream.Feedback;
        bool fullIntra = (feedback & RtcpFeedback.NackPli) == 0 && (feedback & RtcpFeedback.CcmFir) != 0;
        int length = fullIntra
            ? FullIntra.Write(rtcp, _ownSsrc, new FullIntraEntry(stream.Ssrc, stream.KeyFrameRequests.CommandSequence))
            : PictureLoss.Write(rtcp, _ownSsrc, stream.Ssrc);
        _transport.SendRtcp(rtcp[..length], ref sink);
    }

    /// <summary>Tells the client that our sources end (RFC 3550 section 6.6).</summary>
    public void SendGoodbye<TSink>(ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!_transport.CanSend || _streams.Send.Length == 0)
        {
            return;
        }

        Span<byte> rtcp = stackalloc byte[LongestCompound];
        Span<uint> ssrcs = stackalloc uint[MostBlocks];
        int count = Math.Min(MostBlocks, _streams.Send.Length);
        for (int index = 0; index < count; index++)
        {
            ssrcs[index] = _streams.Send[index].Ssrc;
        }

        // A compound begins with a report (RFC 3550 section 6.1).
        int length = ReceiverReport.Write(rtcp, _ownSsrc);
        length += SourceDescription.WriteCname(rtcp[length..], _ownSsrc, _cname);
        length += Goodbye.Write(rtcp[length..], ssrcs[..count]);
        _transport.SendRtcp(rtcp[..length], ref sink);
    }

    private void SendReports<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!_transport.CanSend)
        {
            return;
        }

        Span<byte> rtcp = stackalloc byte[LongestCompound];
        Span<ReportBlock> blocks = stackalloc ReportBlock[MostBlocks];
        int blockCount = TakeBlocks(now, blocks);
        int length = ReceiverReport.Write(rtcp, _ownSsrc, blocks[..blockCount]);
        length += SourceDescription.WriteCname(rtcp[length..], _ownSsrc, _cname);
        foreach (SendStream stream in _streams.Send)
        {
            if (!stream.CanReport)
            {
                continue;
            }

            ReadOnlySpan<byte> cname = stream.CnameOctets.IsEmpty ? _cname : stream.CnameOctets;
            if (length + SenderReport.LengthFor(0) + 16 + ((cname.Length + 3) & ~3) > LongestCompound)
            {
                _transport.SendRtcp(rtcp[..length], ref sink);
                length = 0;
            }

            length += stream.TakeSenderReport(now).Write(rtcp[length..]);
            length += SourceDescription.WriteCname(rtcp[length..], stream.Ssrc, cname);
        }

        _transport.SendRtcp(rtcp[..length], ref sink);
    }

    /// <summary>Up to 31 streams; with more, the next report goes on where this one ended (RFC 3550 section 6.1).</summary>
    private int TakeBlocks(MonoTime now, Span<ReportBlock> blocks)
    {
        int count = 0;
        ReceiveStream[] streams = _streams.Receive;
        for (int step = 0; step < streams.Length && count < blocks.Length; step++)
        {
            _firstReported = (_firstReported + 1) % streams.Length;
            ReceiveStream stream = streams[_firstReported];
            if (stream.HasReception)
            {
                blocks[count++] = stream.TakeReport(now);
            }
        }

        return count;
    }

    private void SendNacks<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        Span<ushort> sequences = stackalloc ushort[MostNacks];
        Span<byte> rtcp = stackalloc byte[LongestCompound];
        MonoTime next = MonoTime.Never;
        foreach (ReceiveStream stream in _streams.Receive)
        {
            if (stream.Nacks is not { } nacks)
            {
                continue;
            }

            int count = nacks.NextDue <= now ? nacks.CollectDue(now, _roundTrip.Value, sequences) : 0;
            if (count > 0)
            {
                // 128 numbers take at most 128 entries of four octets, which fit.
                int length = GenericNack.Write(rtcp, _ownSsrc, stream.Ssrc, sequences[..count], out _);
                stream.NacksSent += (ulong)count;
                _transport.SendRtcp(rtcp[..length], ref sink);
            }

            next = MonoTime.Min(next, nacks.NextDue);
        }

        _input.NacksDue = next;
    }

    private void SendTransportFeedback<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        Span<byte> rtcp = stackalloc byte[LongestCompound];
        int length;
        while ((length = _transportCc.Write(now, rtcp, _ownSsrc, _input.LastSsrc)) > 0)
        {
            _transport.SendRtcp(rtcp[..length], ref sink);
        }
    }

    private void SendWaitingKeyFrameRequests<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        _keyFramesDue = MonoTime.Never;
        foreach (ReceiveStream stream in _streams.Receive)
        {
            MonoTime due = stream.KeyFrameRequests.Due;
            if (due <= now)
            {
                RequestKeyFrame(now, stream, ref sink);
            }
            else
            {
                _keyFramesDue = MonoTime.Min(_keyFramesDue, due);
            }
        }
    }
}

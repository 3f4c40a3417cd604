using RtcPlatform.MediaClient.Peer;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>
/// All streams of one peer. Owned by the peer's thread; the lists are replaced whole, so that counters may be summed from any
/// thread.
/// </summary>
internal sealed class StreamSet(string cname) : IPeerMedia
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly byte[] _cname = System.Text.Encoding.UTF8.GetBytes(cname);
    private readonly Dictionary<uint, IncomingStream> _bySsrc = [];
    private readonly HashSet<uint> _retransmissionSsrcs = [];
    private OutgoingStream[] _outgoing = [];
    private IncomingStream[] _incoming = [];
    private MonoTime _nextReport = MonoTime.Zero;
    private long _retransmissions;
    private long _rtcp;
    private long _keyFrameRequests;
    private long _nacked;

    public IReadOnlyList<IncomingStream> Incoming => Volatile.Read(ref _incoming);

    public MonoTime NextDeadline
    {
        get
        {
            MonoTime next = _nextReport;
            foreach (OutgoingStream stream in _outgoing)
            {
                next = MonoTime.Min(next, stream.NextDeadline);
            }

            return next;
        }
    }

    public void Add(OutgoingStream stream) => Volatile.Write(ref _outgoing, [.. _outgoing, stream]);

    /// <summary>A source that is known already stays as it is.</summary>
    public void Add(string trackSid, MediaKind kind, uint ssrc, uint rtxSsrc)
    {
        if (_bySsrc.ContainsKey(ssrc))
        {
            return;
        }

        var stream = new IncomingStream(trackSid, kind, ssrc);
        _bySsrc.Add(ssrc, stream);
        if (rtxSsrc != 0)
        {
            _retransmissionSsrcs.Add(rtxSsrc);
        }

        Volatile.Write(ref _incoming, [.. _incoming, stream]);
    }

    /// <summary>False when no answer named the source.</summary>
    public bool TakeRtp(MonoTime now, scoped in RtpPacketView packet)
    {
        if (_bySsrc.TryGetValue(packet.Ssrc, out IncomingStream? stream))
        {
            // Padding alone probes the path.
            if (!packet.Payload.IsEmpty)
            {
                stream.Take(now, packet.SequenceNumber, packet.Payload);
            }

            return true;
        }

        bool known = _retransmissionSsrcs.Contains(packet.Ssrc);
        _retransmissions += known ? 1 : 0;
        return known;
    }

    public void TakeRtcp(MonoTime now, ReadOnlySpan<byte> compound)
    {
        _rtcp++;
        var reader = new RtcpReader(compound);
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            if (PictureLoss.TryRead(packet, out _, out uint lost))
            {
                RequestKeyFrame(lost);
            }
            else if (FullIntra.TryRead(packet, out FullIntra intra))
            {
                for (int i = 0; i < intra.Count; i++)
                {
                    RequestKeyFrame(intra[i].Ssrc);
                }
            }
            else if (GenericNack.TryRead(packet, out GenericNack nack))
            {
                foreach (ushort _ in nack)
                {
                    _nacked++;
                }
            }
            else if (SenderReport.TryRead(packet, out SenderReport report, out _)
                && _bySsrc.TryGetValue(report.SenderSsrc, out IncomingStream? stream))
            {
                stream.TakeReport(now, report);
            }
        }
    }

    /// <summary>Sends what is due: media, and once a second reports.</summary>
    public void SendDue<TSink>(MonoTime now, NtpTime wallClock, ClientPeer peer, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        foreach (OutgoingStream stream in _outgoing)
        {
            stream.SendDue(now, peer, ref sink);
        }

        if (now < _nextReport)
        {
            return;
        }

        _nextReport = now + ReportInterval;
        SendReports(now, wallClock, peer, ref sink);
    }

    public MediaCounters Count(ClientPeer? peer)
    {
        OutgoingStream[] outgoing = Volatile.Read(ref _outgoing);
        IncomingStream[] incoming = Volatile.Read(ref _incoming);
        return new MediaCounters(
            outgoing.Sum(static s => s.Sent),
            outgoing.Sum(static s => s.SentBytes),
            outgoing.Sum(static s => s.KeyFrames),
            incoming.Sum(static s => s.Received),
            incoming.Sum(static s => s.ReceivedBytes),
            incoming.Sum(static s => s.Lost),
            incoming.Sum(static s => s.OutOfOrder),
            incoming.Sum(static s => s.ChecksumErrors),
            Volatile.Read(ref _retransmissions),
            peer?.Undecryptable ?? 0,
            peer?.Unexpected ?? 0,
            Volatile.Read(ref _rtcp),
            Volatile.Read(ref _keyFrameRequests),
            Volatile.Read(ref _nacked));
    }

    private void RequestKeyFrame(uint ssrc)
    {
        foreach (OutgoingStream stream in _outgoing)
        {
            if (stream.Ssrc == ssrc)
            {
                _keyFrameRequests++;
                stream.RequestKeyFrame();
            }
        }
    }

    /// <summary>A compound per published track (RFC 3550 section 6.1), or one receiver report when nothing is published.</summary>
    private void SendReports<TSink>(MonoTime now, NtpTime wallClock, ClientPeer peer, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        Span<byte> compound = stackalloc byte[1100];
        foreach (OutgoingStream stream in _outgoing)
        {
            int length = stream.Report(wallClock).Write(compound);
            length += SourceDescription.WriteCname(compound[length..], stream.Ssrc, _cname);
            peer.SendRtcp(compound[..length], ref sink);
        }

        if (_incoming.Length == 0)
        {
            return;
        }

        Span<ReportBlock> blocks = stackalloc ReportBlock[Math.Min(_incoming.Length, 31)];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = _incoming[i].Report(now);
        }

        uint own = _outgoing.Length > 0 ? _outgoing[0].Ssrc : 1;
        int written = ReceiverReport.Write(compound, own, blocks);
        written += SourceDescription.WriteCname(compound[written..], own, _cname);
        foreach (IncomingStream stream in _incoming)
        {
            // The first key frame may come before the answer that names its source, as in browsers.
            if (stream.NeedsKeyFrame && written + PictureLoss.Length <= compound.Length)
            {
                written += PictureLoss.Write(compound[written..], own, stream.Ssrc);
            }
        }

        peer.SendRtcp(compound[..written], ref sink);
    }
}

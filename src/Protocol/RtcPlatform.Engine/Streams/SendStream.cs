using System.Diagnostics.CodeAnalysis;
using System.Text;
using RtcPlatform.Crypto.Memory;
using RtcPlatform.Engine.Dispatch;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Sending;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Streams;

/// <summary>One source that we send to the client: a section's, with its retransmissions.</summary>
public sealed class SendStream
{
    /// <summary>How often <see cref="Fetch"/> leads further.</summary>
    public const int FetchSteps = 4;

    private const int FetchedOctets = 192;

    private readonly PeerTransport _transport;
    private readonly NackThrottle _nackThrottle = new();
    private readonly SenderReportLog _reports = new();
    private ulong _nextRtxSequence;
    private ulong _packets;
    private ulong _payloadBytes;
    private ulong _retransmitted;
    private ulong _nacks;
    private ulong _keyFrameRequests;
    private byte _lastFullIntra;
    private bool _hasFullIntra;
    private NtpTime _referenceNtp;
    private uint _referenceRtp;
    private MonoTime _referenceAt = MonoTime.Never;
    private int _clockRate;
    private byte[] _mid;
    private byte[] _cname;
    private TimeSpan _roundTripSample;

    internal SendStream(PeerTransport transport, SendSection section, ushort firstRtxSequence)
    {
        _transport = transport;

        // The roll-over counter must start at 0 on both sides, so there has to be room before the first wrap.
        _nextRtxSequence = (ulong)(firstRtxSequence & 0x7FFF);
        Use(section);
    }

    public MediaKind Kind => Section.Kind;

    public string TrackSid => Section.TrackSid;

    public string Mid => Section.Mid;

    public uint Ssrc => Section.Ssrc;

    /// <summary>0 = packets cannot be sent again.</summary>
    public uint RtxSsrc => Section.RtxSsrc;

    /// <summary>The forwarding side hangs its consumer here.</summary>
    public object? Owner { get; set; }

    /// <summary>The client has reported on this source, so it knows which section it belongs to.</summary>
    public bool HasBeenReported { get; private set; }

    public SendStatistics Statistics => new(
        _packets,
        _payloadBytes,
        _retransmitted,
        LastReport.FractionLost,
        LastReport.CumulativeLost,
        TimeSpan.FromSeconds((double)LastReport.Jitter / _clockRate),
        RoundTrip,
        _nacks,
        _keyFrameRequests);

    internal SendSection Section { get; private set; }

    /// <summary>The section's; here, because every packet needs them.</summary>
    internal HeaderExtensionIds Extensions { get; private set; }

    internal PayloadTypeTable Payloads { get; private set; }

    internal ReadOnlySpan<byte> MidOctets => _mid;

    /// <summary>Empty = the peer's own.</summary>
    internal ReadOnlySpan<byte> CnameOctets => _cname;

    internal TimeSpan RoundTrip { get; private set; }

    internal ReportBlock LastReport { get; private set; }

    /// <summary>Something was sent and the publisher's clocks are known, so a sender report would be true.</summary>
    internal bool CanReport => _packets > 0 && _referenceAt != MonoTime.Never;

    /// <summary>
    /// Has the processor fetch what <see cref="Send"/> reads, a level deeper with each step: each needs what the one before it
    /// fetched, so do one step for several streams, then the next.
    /// </summary>
    /// <param name="step">0 to <see cref="FetchSteps"/> - 1.</param>
    public void Fetch(int step)
    {
        switch (step)
        {
            case 0:
                CacheHint.Fetch(this, FetchedOctets);
                break;
            case 1:
                CacheHint.Fetch(_transport, FetchedOctets);
                break;
            case 2 when _transport.Sender is { } sender:
                CacheHint.Fetch(sender, FetchedOctets);
                break;
            case 3:
                _transport.Sender?.FetchKeys();
                break;
        }
    }

    /// <summary>Sends a packet on this source.</summary>
    /// <returns><see cref="DropReason.None"/>, or why it was not sent; already counted among the peer's.</returns>
    public DropReason Send<TSink>(MonoTime now, scoped in OutgoingRtp packet, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct =>
        _transport.Counted(RtpOutput.Send(now, _transport, this, packet, ref sink));

    /// <summary>Sends a packet again, on the retransmission source (RFC 4588); all numbers are those of the original.</summary>
    /// <returns><see cref="DropReason.None"/>, or why it was not sent; already counted among the peer's.</returns>
    public DropReason SendAgain<TSink>(MonoTime now, scoped in OutgoingRtp original, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct =>
        _transport.Counted(RtpOutput.SendAgain(now, _transport, this, original, ref sink));

    /// <summary>
    /// Finds the payload type under which this client takes what a publisher sends: same codec, and for H.264, VP9 and AV1
    /// a profile (and packetization mode) that it can decode.
    /// </summary>
    public bool TryMapCodec(CodecBinding publisher, [NotNullWhen(true)] out CodecBinding? mine)
    {
        mine = null;
        int best = 0;
        foreach (CodecBinding candidate in Section.Codecs)
        {
            int rank = CodecMatch.Rank(publisher, candidate);
            if (rank > best)
            {
                best = rank;
                mine = candidate;
            }
        }

        return mine is not null;
    }

    /// <summary>
    /// Tells how the publisher's wall clock and this stream's timestamps relate: from its latest sender report, with
    /// <paramref name="rtpTimestamp"/> moved by the subscriber's timestamp offset. Audio and video of one publisher stay in
    /// sync because both are reported on the publisher's clock. Without it no sender report goes out.
    /// </summary>
    /// <param name="arrival">When the publisher's report arrived; from there both clocks are run on.</param>
    public void SetClockReference(MonoTime arrival, NtpTime ntp, uint rtpTimestamp)
    {
        _referenceAt = arrival;
        _referenceNtp = ntp;
        _referenceRtp = rtpTimestamp;
    }

    /// <summary>The stream's source has changed its clock (another layer, another publisher): reports wait for the next reference.</summary>
    public void ClearClockReference() => _referenceAt = MonoTime.Never;

    [MemberNotNull(nameof(Section), nameof(Payloads), nameof(_mid), nameof(_cname))]
    internal void Use(SendSection section)
    {
        Section = section;
        Extensions = section.Extensions;
        _mid = Encoding.UTF8.GetBytes(section.Mid);
        _cname = Encoding.UTF8.GetBytes(section.Cname);
        Payloads = new PayloadTypeTable(section.Codecs);
        _clockRate = section.Codecs.IsEmpty ? 90_000 : section.Codecs[0].ClockRate;
    }

    internal void CountSent(int payloadLength)
    {
        _packets++;
        _payloadBytes += (ulong)payloadLength;
    }

    /// <summary>The extended number of the next retransmission; never reused, since it makes the cipher's nonce.</summary>
    internal ulong TakeRtxSequence()
    {
        _retransmitted++;
        return _nextRtxSequence++;
    }

    internal SenderReport TakeSenderReport(MonoTime now)
    {
        TimeSpan since = now - _referenceAt;
        var ntp = new NtpTime(_referenceNtp.Value + (ulong)(since.TotalSeconds * 4_294_967_296.0));
        uint rtp = _referenceRtp + (uint)(long)(since.TotalSeconds * _clockRate);
        _reports.Add(ntp.Compact, now);
        return new SenderReport(Ssrc, ntp, rtp, (uint)_packets, (uint)_payloadBytes);
    }

    internal void HandleReport(in ReportBlock block, MonoTime now)
    {
        HasBeenReported = true;
        LastReport = block;
        if (block.LastSenderReport != 0 && _reports.TryFind(block.LastSenderReport, out MonoTime sentAt))
        {
            TimeSpan roundTrip = now - sentAt - NtpTime.FromCompactSpan(block.DelaySinceLastSenderReport);
            RoundTrip = roundTrip > TimeSpan.Zero ? roundTrip : RoundTrip;
            _roundTripSample = roundTrip;
        }
    }

    /// <summary>The round trip that the last report gave, once; zero when there is none.</summary>
    internal TimeSpan TakeRoundTripSample()
    {
        TimeSpan sample = _roundTripSample;
        _roundTripSample = TimeSpan.Zero;
        return sample;
    }

    /// <summary>False when the packet was asked for within the last round trip: the answer is still under way.</summary>
    internal bool TryAcceptNack(ushort sequence, MonoTime now, TimeSpan roundTrip)
    {
        _nacks++;
        return _nackThrottle.TryAccept(sequence, now, roundTrip);
    }

    internal void CountPictureLoss() => _keyFrameRequests++;

    /// <summary>False for a repetition of the last command (RFC 5104 section 4.3.1.1).</summary>
    internal bool TryAcceptFullIntra(byte commandSequence)
    {
        if (_hasFullIntra && _lastFullIntra == commandSequence)
        {
            return false;
        }

        _hasFullIntra = true;
        _lastFullIntra = commandSequence;
        _keyFrameRequests++;
        return true;
    }
}

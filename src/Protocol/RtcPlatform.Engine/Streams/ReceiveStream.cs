using System.Diagnostics.CodeAnalysis;
using RtcPlatform.Engine.Dispatch;
using RtcPlatform.Engine.Feedback;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Streams;

/// <summary>
/// One source that the client sends us: a section's, or one simulcast layer of it. Keeps what has to be known per source:
/// what arrived, what is missing, how well it came, and how its clocks relate.
/// </summary>
public sealed class ReceiveStream
{
    private SequenceWindow _window = new();
    private ReceptionRegister _reception;
    private CodecBinding? _lastCodec;
    private uint _lastSenderReport;
    private MonoTime _senderReportAt;
    private ulong _packets;
    private ulong _payloadBytes;
    private ulong _recovered;

    internal ReceiveStream(ReceiveSection section, int layerIndex)
    {
        LayerIndex = layerIndex;
        Use(section);
        _reception = new ReceptionRegister(ClockRate);
    }

    public MediaKind Kind => Section.Kind;

    public string TrackSid => Section.TrackSid;

    public string Mid => Section.Mid;

    /// <summary>The simulcast layer's restriction id; empty without simulcast.</summary>
    public string Rid => LayerIndex < Section.Rids.Length ? Section.Rids[LayerIndex] : string.Empty;

    /// <summary>0 = lowest layer, in the order of the plan.</summary>
    public int LayerIndex { get; }

    /// <summary>0 until a plan or a packet tells it.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>0 until a plan or a packet tells it.</summary>
    public uint RtxSsrc { get; private set; }

    /// <summary>Rises when the client moves the stream to another source: sequence numbers and timestamps begin anew.</summary>
    public int SourceGeneration { get; private set; }

    /// <summary>The forwarding side hangs its layer here.</summary>
    public object? Owner { get; set; }

    /// <summary>The latest of the publisher's clock pairs and when it arrived; false before the first sender report.</summary>
    public bool TryGetClockReference(out NtpTime ntp, out uint rtpTimestamp, out MonoTime arrival)
    {
        (ntp, rtpTimestamp, arrival) = (SenderNtp, SenderRtpTimestamp, _senderReportAt);
        return HasSenderReport;
    }

    public ReceiveStatistics Statistics => new(
        _packets,
        _payloadBytes,
        _recovered,
        _reception.Lost,
        _reception.FractionLost,
        _reception.JitterTime,
        NacksSent,
        KeyFrameRequests.Sent);

    internal ReceiveSection Section { get; private set; }

    internal PayloadTypeTable Payloads { get; private set; }

    /// <summary>Null when the section may not ask for packets again.</summary>
    internal NackRegister? Nacks { get; private set; }

    internal KeyFrameRequestThrottle KeyFrameRequests { get; } = new();

    internal ulong NacksSent { get; set; }

    internal bool UsesTransportCc { get; private set; }

    internal bool HasSenderReport { get; private set; }

    internal bool HasReception => !_reception.IsEmpty;

    internal RtcpFeedback Feedback => (_lastCodec ?? Section.Codecs[0]).Feedback;

    private NtpTime SenderNtp { get; set; }

    private uint SenderRtpTimestamp { get; set; }

    private int ClockRate => Section.Codecs.IsEmpty ? 90_000 : Section.Codecs[0].ClockRate;

    /// <summary>A key frame has begun to arrive: a request that waits to be sent is not needed any more.</summary>
    public void KeyFrameSeen() => KeyFrameRequests.Cancel();

    [MemberNotNull(nameof(Section), nameof(Payloads))]
    internal void Use(ReceiveSection section)
    {
        Section = section;
        Payloads = new PayloadTypeTable(section.Codecs);
        RtcpFeedback all = RtcpFeedback.None;
        foreach (CodecBinding codec in section.Codecs)
        {
            all |= codec.Feedback;
        }

        Nacks = (all & RtcpFeedback.Nack) == 0 ? null : Nacks ?? new NackRegister();
        UsesTransportCc = section.Extensions.TransportCc != 0 && (all & RtcpFeedback.TransportCc) != 0;
    }

    internal void Bind(uint ssrc, SourceRole role)
    {
        if (role == SourceRole.Retransmission)
        {
            RtxSsrc = ssrc;
            return;
        }

        if (Ssrc != 0 && Ssrc != ssrc)
        {
            SourceGeneration++;
            _window = new SequenceWindow();
            _reception = new ReceptionRegister(ClockRate);
            Nacks = Nacks is null ? null : new NackRegister();
            HasSenderReport = false;
        }

        Ssrc = ssrc;
    }

    /// <summary>Notes a packet that came in the first transmission. False = it had come before, as a retransmission.</summary>
    internal bool TryAdd(ulong sequence, in RtpPacketView view, CodecBinding codec, MonoTime now)
    {
        _reception.Add(sequence, view.Timestamp, now);
        if (!_window.TryAdd(sequence))
        {
            return false;
        }

        _lastCodec = codec;
        _packets++;
        _payloadBytes += (ulong)view.Payload.Length;
        Nacks?.Received(sequence, now, out _);
        return true;
    }

    /// <summary>Notes a recovered packet. False = the original had come, or there is none to compare with.</summary>
    /// <param name="roundTrip">How long the request took, zero when that cannot be told.</param>
    internal bool TryAddRecovered(ushort original, int payloadLength, MonoTime now, out ulong sequence, out TimeSpan roundTrip)
    {
        roundTrip = TimeSpan.Zero;
        sequence = 0;
        if (_window.IsEmpty)
        {
            return false;
        }

        long nearest = (long)_window.Highest + SeqNum.Distance(original, (ushort)_window.Highest);
        if (nearest < 0 || !_window.TryAdd((ulong)nearest))
        {
            return false;
        }

        sequence = (ulong)nearest;
        _packets++;
        _recovered++;
        _payloadBytes += (ulong)payloadLength;
        Nacks?.Received(sequence, now, out roundTrip);
        return true;
    }

    internal void HandleSenderReport(in SenderReport report, MonoTime now)
    {
        HasSenderReport = true;
        SenderNtp = report.NtpTime;
        SenderRtpTimestamp = report.RtpTimestamp;
        _lastSenderReport = report.NtpTime.Compact;
        _senderReportAt = now;
    }

    /// <summary>Closes the report interval and tells about it.</summary>
    internal ReportBlock TakeReport(MonoTime now)
    {
        _reception.CloseInterval();
        return new ReportBlock(
            Ssrc,
            _reception.FractionLost,
            (int)Math.Clamp(_reception.Lost, int.MinValue, int.MaxValue),
            (uint)_reception.Highest,
            _reception.Jitter,
            HasSenderReport ? _lastSenderReport : 0,
            HasSenderReport ? NtpTime.ToCompactSpan(now - _senderReportAt) : 0);
    }
}

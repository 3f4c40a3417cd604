using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>What one session receives of one published stream. Written by the receiving thread, read by any.</summary>
internal sealed class ReceivedStream(PublishedStream wanted)
{
    private SequenceExtender _sequence;
    private NumberWindow _numbers;
    private ulong _firstSequence;
    private uint _reportedExpected;
    private long _reportedReceived;
    private long _packets;
    private uint _lastReport;
    private MonoTime _lastReportAt;

    /// <summary>The one that was asked for.</summary>
    public PublishedStream Wanted => wanted;

    /// <summary>The server's; 0 before the first packet.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>All that came, retransmissions left out.</summary>
    public long Packets => Volatile.Read(ref _packets);

    public long Octets { get; private set; }

    /// <summary>Decrypted, but the content is not what was sent.</summary>
    public long Damaged { get; private set; }

    /// <summary>Whole, but of a room, publisher or kind that was not asked for.</summary>
    public long Misrouted { get; private set; }

    public long Late { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Of those that are measured (<see cref="PublishedStream.IsMeasured"/>), doubles left out.</summary>
    public long Measured { get; private set; }

    public long KeyFrames { get; private set; }

    /// <summary>The first number that came; those before it are not this session's when it joined during the measurement.</summary>
    public uint FirstNumber => _numbers.First;

    public uint HighestNumber => _numbers.Highest;

    public bool HasStarted => _numbers.Count > 0;

    public long Missing => _numbers.Missing;

    /// <summary>Video came, but nothing that it could be decoded from.</summary>
    public bool NeedsKeyFrame => wanted.Kind == MediaKind.Video && _packets > 0 && KeyFrames == 0;

    /// <summary>
    /// Nothing was measured yet. Before the stream's next measurement begins, so that the receiving thread is not counting
    /// meanwhile.
    /// </summary>
    public void Restart() => Measured = 0;

    /// <returns>True when the packet is one that is measured.</returns>
    public bool Take(scoped in RtpPacketView packet, out long sentAt)
    {
        ReadOnlySpan<byte> payload = packet.Payload;
        ulong extended = _sequence.Extend(packet.SequenceNumber);
        if (_packets == 0)
        {
            Ssrc = packet.Ssrc;
            _firstSequence = extended;
        }

        Volatile.Write(ref _packets, _packets + 1);
        Octets += payload.Length;
        sentAt = 0;
        bool isKeyFrame = false;
        int start = wanted.Kind == MediaKind.Audio ? 0 : Vp8Framing.FindPayload(payload, out isKeyFrame);
        if (start < 0 || !SyntheticPayload.TryRead(payload[start..], out PacketStamp stamp))
        {
            Damaged++;
            return false;
        }

        if (stamp.Room != wanted.Room || stamp.Publisher != wanted.Publisher || stamp.Kind != wanted.Kind)
        {
            Misrouted++;
            return false;
        }

        KeyFrames += isKeyFrame ? 1 : 0;
        switch (_numbers.Add(stamp.Number))
        {
            case Arrival.Late:
                Late++;
                break;
            case Arrival.Duplicate:
                Duplicates++;
                return false;
        }

        sentAt = stamp.SentAt;
        if (!wanted.IsMeasured(stamp.Number))
        {
            return false;
        }

        Measured++;
        return true;
    }

    public void TakeReport(MonoTime now, SenderReport report)
    {
        _lastReport = report.NtpTime.Compact;
        _lastReportAt = now;
    }

    /// <summary>RFC 3550 section 6.4.1; the jitter is not measured.</summary>
    public ReportBlock Report(MonoTime now)
    {
        var expected = (uint)(_sequence.Highest - _firstSequence + 1);
        long newlyExpected = expected - _reportedExpected;
        long newlyLost = newlyExpected - (_packets - _reportedReceived);
        byte fraction = newlyExpected <= 0 || newlyLost <= 0 ? (byte)0 : (byte)Math.Min(255, (newlyLost << 8) / newlyExpected);
        (_reportedExpected, _reportedReceived) = (expected, _packets);
        uint delay = _lastReport == 0 ? 0 : NtpTime.ToCompactSpan(now - _lastReportAt);
        return new ReportBlock(
            Ssrc, fraction, (int)(expected - _packets), (uint)_sequence.Highest, 0, _lastReport, delay);
    }
}

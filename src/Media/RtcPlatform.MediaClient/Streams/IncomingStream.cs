using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>Counts what arrives of one track. Written by the peer's thread, read by any.</summary>
internal sealed class IncomingStream(string trackSid, MediaKind kind, uint ssrc)
{
    private NumberWindow _seen;
    private SequenceExtender _sequence;
    private uint _lastReportCompact;
    private MonoTime _lastReportAt;
    private long _delaySum;
    private long _longestDelay;
    private long _received;
    private long _receivedBytes;
    private long _outOfOrder;
    private long _checksumErrors;
    private long _keyFrames;

    public uint Ssrc => ssrc;

    public string TrackSid => trackSid;

    public long Received => Volatile.Read(ref _received);

    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    public long OutOfOrder => Volatile.Read(ref _outOfOrder);

    public long ChecksumErrors => Volatile.Read(ref _checksumErrors);

    /// <summary>Video came, but nothing that it could be decoded from.</summary>
    public bool NeedsKeyFrame => kind == MediaKind.Video && _received > 0 && _keyFrames == 0;

    public long Lost => _seen.Missing;

    public void Take(MonoTime now, ushort sequenceNumber, ReadOnlySpan<byte> payload)
    {
        _sequence.Extend(sequenceNumber);
        bool isKeyFrame = false;
        int start = kind == MediaKind.Audio ? 0 : Vp8Framing.FindPayload(payload, out isKeyFrame);
        _receivedBytes += payload.Length;
        if (start < 0 || !SyntheticPayload.TryRead(payload[start..], out PacketStamp stamp))
        {
            _checksumErrors++;
            Volatile.Write(ref _received, _received + 1);
            return;
        }

        _keyFrames += isKeyFrame ? 1 : 0;
        if (_seen.Add(stamp.Number) != Arrival.InOrder)
        {
            _outOfOrder++;
        }

        long delay = (now - new MonoTime(stamp.SentAt)).Ticks;
        _delaySum += delay;
        _longestDelay = Math.Max(_longestDelay, delay);
        Volatile.Write(ref _received, _received + 1);
    }

    public void TakeReport(MonoTime now, SenderReport report)
    {
        _lastReportCompact = report.NtpTime.Compact;
        _lastReportAt = now;
    }

    /// <summary>Loss is reported as none: what the server asks for is the state of our own leg, which has none on loopback.</summary>
    public ReportBlock Report(MonoTime now) => new(
        ssrc,
        0,
        0,
        (uint)_sequence.Highest,
        0,
        _lastReportCompact,
        _lastReportCompact == 0 ? 0 : NtpTime.ToCompactSpan(now - _lastReportAt));

    public TrackReception Read()
    {
        long received = Received;
        long good = received - ChecksumErrors;
        return new TrackReception(
            trackSid,
            kind == MediaKind.Video,
            received,
            Lost,
            OutOfOrder,
            ChecksumErrors,
            Volatile.Read(ref _keyFrames),
            TimeSpan.FromTicks(good == 0 ? 0 : Volatile.Read(ref _delaySum) / good),
            TimeSpan.FromTicks(Volatile.Read(ref _longestDelay)));
    }
}

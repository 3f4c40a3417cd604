using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>All streams of one publishing session, and its sender reports once a second. Belongs to the pacing thread.</summary>
internal sealed class PublisherSender(LoadSession session, UdpPool pool, IReadOnlyList<StreamSender> streams, MonoTime firstReport)
{
    private static readonly byte[] Cname = "load"u8.ToArray();
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly StreamSender[] _streams = [.. streams];
    private MonoTime _nextReport = firstReport;

    public LoadSession Session => session;

    public MonoTime NextDeadline { get; private set; } = MonoTime.Zero;

    public void SendDue(MonoTime now, NtpTime wallClock, byte[] scratch)
    {
        var sink = new PoolSink(pool, session.Slot, scratch);
        MonoTime next = MonoTime.Never;
        foreach (StreamSender stream in _streams)
        {
            stream.SendDue(now, ref sink);
            next = MonoTime.Min(next, stream.NextDeadline);
        }

        if (now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            Span<byte> compound = stackalloc byte[256];
            foreach (StreamSender stream in _streams)
            {
                SenderReport report = stream.Report(wallClock);
                int length = report.Write(compound);
                length += SourceDescription.WriteCname(compound[length..], report.SenderSsrc, Cname);
                session.Transport!.SendRtcp(compound[..length], ref sink);
            }
        }

        NextDeadline = MonoTime.Min(next, _nextReport);
    }
}

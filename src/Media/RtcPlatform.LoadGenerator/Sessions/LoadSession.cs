using System.Security.Cryptography;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Receiving;
using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Signaling;
using RtcPlatform.MediaClient.Peer;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>
/// One client on its own socket: a publisher (WHIP) or a subscriber of one publisher (WHEP). After it was given to a
/// <see cref="ReceiveLoop"/> it belongs to that thread; the counters and times may be read by any.
/// </summary>
internal sealed class LoadSession(SessionName name, ReceiveLoop loop, int slot) : IPeerMedia
{
    private static readonly byte[] Cname = "load"u8.ToArray();

    private readonly uint _ownSsrc = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
    private UInt128 _audioTypes;
    private UInt128 _videoTypes;
    private UInt128 _rtxTypes;

    public SessionName Name => name;

    public ReceiveLoop Loop => loop;

    /// <summary>Of its socket in the loop's pool.</summary>
    public int Slot => slot;

    /// <summary>Set before the session is given to a receive loop.</summary>
    public LoadTransport? Transport { get; set; }

    public SetupTimes Times { get; } = new();

    /// <summary>Completes when media can flow; faults when it never will.</summary>
    public TaskCompletionSource Connected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Joined while the measurement was running, to leave again: its latency is told apart.</summary>
    public bool IsPassing { get; init; }

    public PublishedStream? SentAudio { get; set; }

    public PublishedStream? SentVideo { get; set; }

    /// <summary>By the SSRC of what is sent, for feedback.</summary>
    public uint SentAudioSsrc { get; set; }

    public uint SentVideoSsrc { get; set; }

    public ReceivedStream? Audio { get; set; }

    public ReceivedStream? Video { get; set; }

    /// <summary>Of a stream that is not expected here.</summary>
    public long Unexpected { get; private set; }

    public long Retransmissions { get; private set; }

    /// <summary>Set by the loop before each datagram: the kernel's time.</summary>
    public long Arrival { get; set; }

    /// <summary>When the next receiver report is due; set by the loop that owns the session.</summary>
    public MonoTime NextReport { get; set; } = MonoTime.Never;

    /// <summary>What was agreed on with the server, to end it there; null = nothing.</summary>
    public WhipAnswer? Answer { get; set; }

    public bool HasFailed => Transport is { Phase: TransportPhase.Failed };

    public bool IsSubscriber => Audio is not null || Video is not null;

    /// <summary>Which payload types the answer gives to what.</summary>
    public void ExpectTypes(IEnumerable<byte> audio, IEnumerable<byte> video, IEnumerable<byte> rtx)
    {
        _audioTypes = Mask(audio);
        _videoTypes = Mask(video);
        _rtxTypes = Mask(rtx);

        static UInt128 Mask(IEnumerable<byte> types) =>
            types.Aggregate(UInt128.Zero, static (mask, type) => mask | (UInt128.One << type));
    }

    public bool TakeRtp(MonoTime now, scoped in RtpPacketView packet)
    {
        UInt128 bit = UInt128.One << packet.PayloadType;
        ReceivedStream? stream = (_videoTypes & bit) != 0 ? Video : (_audioTypes & bit) != 0 ? Audio : null;
        if (stream is null)
        {
            bool isRtx = (_rtxTypes & bit) != 0;
            Retransmissions += isRtx ? 1 : 0;
            Unexpected += isRtx ? 0 : 1;
            return isRtx;
        }

        // Padding alone probes the path.
        if (packet.Payload.IsEmpty)
        {
            return true;
        }

        if (stream.Packets == 0 && Times.FirstPacket == default)
        {
            Times.FirstPacket = now;
        }

        loop.Meter.CountPacket(packet.Payload.Length);
        if (stream.Take(packet, out long sentAt))
        {
            loop.Meter.Record(stream.Wanted.Kind, IsPassing, Arrival - sentAt);
        }

        return true;
    }

    public void TakeRtcp(MonoTime now, ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            if (PictureLoss.TryRead(packet, out _, out uint lost))
            {
                Sent(lost)?.RequestKeyFrame();
            }
            else if (FullIntra.TryRead(packet, out FullIntra intra))
            {
                for (int i = 0; i < intra.Count; i++)
                {
                    Sent(intra[i].Ssrc)?.RequestKeyFrame();
                }
            }
            else if (GenericNack.TryRead(packet, out GenericNack nack) && Sent(nack.MediaSsrc) is { } stream)
            {
                foreach (ushort missed in nack)
                {
                    stream.Miss(missed);
                }
            }
            else if (SenderReport.TryRead(packet, out SenderReport report, out _))
            {
                Received(report.SenderSsrc)?.TakeReport(now, report);
            }
        }
    }

    /// <summary>A receiver report, and a PLI for video that began without a key frame. Subscribers only.</summary>
    public void SendReport(MonoTime now, ref PoolSink sink)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[2];
        int count = 0;
        foreach (ReceivedStream? stream in (ReadOnlySpan<ReceivedStream?>)[Audio, Video])
        {
            if (stream is { Packets: > 0 })
            {
                blocks[count++] = stream.Report(now);
            }
        }

        Span<byte> compound = stackalloc byte[256];
        int length = ReceiverReport.Write(compound, _ownSsrc, blocks[..count]);
        length += SourceDescription.WriteCname(compound[length..], _ownSsrc, Cname);
        if (Video is { NeedsKeyFrame: true })
        {
            length += PictureLoss.Write(compound[length..], _ownSsrc, Video.Ssrc);
        }

        Transport!.SendRtcp(compound[..length], ref sink);
    }

    private PublishedStream? Sent(uint ssrc) =>
        ssrc == SentVideoSsrc ? SentVideo : ssrc == SentAudioSsrc ? SentAudio : null;

    private ReceivedStream? Received(uint ssrc) =>
        Video is { Packets: > 0 } && Video.Ssrc == ssrc ? Video : Audio is { Packets: > 0 } && Audio.Ssrc == ssrc ? Audio : null;
}

using System.Text;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.MediaClient.Peer;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>One published track: which packet is due when. Belongs to the peer's thread; counters may be read by any.</summary>
internal sealed class OutgoingStream
{
    private const int AudioPacketSize = 80;

    // Further behind than this, the lost time is given up rather than caught up in a burst.
    private static readonly TimeSpan MostCatchUp = TimeSpan.FromMilliseconds(200);

    private readonly OfferSection _section;
    private readonly SyntheticMedia _media;
    private readonly StreamFormat _format;
    private readonly TimeSpan _interval;
    private readonly uint _timestampStep;
    private readonly int _packetsPerFrame;
    private ulong _extendedSequence;
    private uint _timestamp;
    private uint _number;
    private ushort _pictureId;
    private bool _keyFrameWanted = true;
    private long _sent;
    private long _sentBytes;
    private long _keyFrames;

    public OutgoingStream(OfferSection section, ServerSection agreed, SyntheticMedia media, uint seed, MonoTime now)
    {
        _section = section;
        _media = media;
        bool audio = section.Kind == MediaKind.Audio;
        _format = new StreamFormat(
            section.Kind,
            section.Ssrc,
            audio ? OfferFormat.Opus : OfferFormat.Vp8,
            0,
            0,
            agreed.TransportCcId,
            agreed.AudioLevelId,
            agreed.MidId,
            Encoding.ASCII.GetBytes(section.Mid));
        _interval = audio ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1) / media.FramesPerSecond;
        _timestampStep = audio ? 960u : (uint)(90_000 / media.FramesPerSecond);
        _packetsPerFrame = audio ? 1 : media.PacketsPerFrame;
        _extendedSequence = seed & 0x7FFF;
        _timestamp = seed * 31;
        NextDeadline = now;
    }

    public uint Ssrc => _section.Ssrc;

    /// <summary>When the next frame is due.</summary>
    public MonoTime NextDeadline { get; private set; }

    public long Sent => Volatile.Read(ref _sent);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    public long KeyFrames => Volatile.Read(ref _keyFrames);

    /// <summary>The next frame will be a key frame; without effect on audio.</summary>
    public void RequestKeyFrame() => _keyFrameWanted = true;

    /// <summary>Sends the frame that is due, if one is.</summary>
    public void SendDue<TSink>(MonoTime now, ClientPeer peer, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (now < NextDeadline)
        {
            return;
        }

        bool isKey = _keyFrameWanted && _section.Kind == MediaKind.Video;
        _keyFrameWanted = false;
        _keyFrames += isKey ? 1 : 0;
        for (int index = 0; index < _packetsPerFrame; index++)
        {
            SendPacket(now, index, isKey, peer, ref sink);
        }

        _pictureId = (ushort)((_pictureId + 1) & 0x7FFF);
        _timestamp += _timestampStep;
        NextDeadline += _interval;
        if (NextDeadline + MostCatchUp < now)
        {
            NextDeadline = now + _interval;
        }
    }

    public SenderReport Report(NtpTime now) => new(Ssrc, now, _timestamp, (uint)_sent, (uint)_sentBytes);

    private void SendPacket<TSink>(MonoTime now, int index, bool isKey, ClientPeer peer, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        bool audio = _section.Kind == MediaKind.Audio;
        Span<byte> header = stackalloc byte[StreamFormat.LongestHeader];
        int headerLength = _format.WriteHeader(
            header,
            (ushort)_extendedSequence,
            _timestamp,
            index == _packetsPerFrame - 1,
            _format.TransportCcId == 0 ? (ushort)0 : peer.NextTransportSequence());

        Span<byte> payload = stackalloc byte[1200];
        payload = payload[..(audio ? AudioPacketSize : _media.PacketSize)];
        int framing = audio ? 0 : Vp8Framing.Write(payload, index == 0, isKey, _pictureId);
        SyntheticPayload.Write(payload[framing..], new PacketStamp(0, 0, _section.Kind, _number++, now.Nanoseconds));
        peer.SendRtp(header[..headerLength], payload, _extendedSequence++, ref sink);
        _sentBytes += payload.Length;
        Volatile.Write(ref _sent, _sent + 1);
    }
}

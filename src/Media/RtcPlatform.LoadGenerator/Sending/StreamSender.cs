using System.Buffers.Binary;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>Makes the packets of one published stream when they are due. Belongs to the pacing thread.</summary>
internal sealed class StreamSender
{
    // Further behind than this, the lost time is given up rather than caught up in a burst.
    private static readonly TimeSpan MostCatchUp = TimeSpan.FromMilliseconds(200);

    // Encoders do not make key frames more often, whoever asks.
    private static readonly TimeSpan KeyFrameInterval = TimeSpan.FromMilliseconds(300);

    private readonly MediaPlan _plan;
    private readonly PublishedStream _stream;
    private readonly LoadTransport _transport;
    private readonly StreamFormat _format;
    private readonly byte[] _payload = new byte[MediaPlan.LongestPacket + 2];
    private readonly SentRing _ring = new();
    private readonly TimeSpan _interval;
    private readonly uint _timestampStep;
    private readonly bool _audio;
    private ulong _sequence;
    private ulong _rtxSequence;
    private uint _timestamp;
    private ushort _pictureId;
    private MonoTime _frameAt;
    private MonoTime _nextKeyFrame;
    private FramePlan _frame;
    private bool _isKey;
    private int _index;
    private long _packets;
    private long _octets;

    /// <param name="phase">When its first frame is due.</param>
    public StreamSender(MediaPlan plan, PublishedStream stream, LoadTransport transport, StreamFormat format, MonoTime phase)
    {
        _plan = plan;
        _stream = stream;
        _transport = transport;
        _format = format;
        _audio = stream.Kind == MediaKind.Audio;
        _interval = _audio ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1) / plan.FramesPerSecond;
        _timestampStep = _audio ? 960u : (uint)(90_000 / plan.FramesPerSecond);

        // Below 2^15, so that nobody has to guess the rollover counter (RFC 3711 section 3.3.1).
        _sequence = format.Ssrc & 0x7FFF;
        _rtxSequence = format.RtxSsrc & 0x7FFF;
        _timestamp = format.Ssrc * 31;
        _frameAt = phase;
        _nextKeyFrame = phase;
        Begin();
    }

    /// <summary>When the next packet is due.</summary>
    public MonoTime NextDeadline { get; private set; }

    /// <summary>Sends what is due.</summary>
    public void SendDue(MonoTime now, ref PoolSink sink)
    {
        while (now >= NextDeadline)
        {
            SendNext(ref sink);
            if (++_index == _frame.Packets)
            {
                _frameAt += _interval;
                _frameAt = _frameAt + MostCatchUp < now ? now + _interval : _frameAt;
                _pictureId = (ushort)((_pictureId + 1) & 0x7FFF);
                _timestamp += _timestampStep;
                Begin();
            }
            else
            {
                NextDeadline = _frameAt + _frame.Offset(_index, _plan.Pacing, _interval);
            }
        }

        while (_stream.TryTakeMissed(out ushort missed))
        {
            Retransmit(now, missed, ref sink);
        }
    }

    public SenderReport Report(NtpTime now) => new(_format.Ssrc, now, _timestamp, (uint)_packets, (uint)_octets);

    private void Begin()
    {
        _index = 0;
        NextDeadline = _frameAt;
        _isKey = !_audio && _stream.WantsKeyFrame && _frameAt >= _nextKeyFrame;
        if (_isKey)
        {
            _stream.KeyFrameStarted();
            _nextKeyFrame = _frameAt + KeyFrameInterval;
        }

        _frame = _audio
            ? new FramePlan(_plan.AudioSize, 1)
            : FramePlan.Of(_plan.FrameSize * (_isKey ? _plan.KeyFrameFactor : 1), _plan.PacketSize);
    }

    private void SendNext(ref PoolSink sink)
    {
        var packet = new SentPacket(
            (ushort)_sequence,
            _stream.NextNumber,
            _timestamp,
            _pictureId,
            (short)_frame.Size(_index),
            _index == 0,
            _isKey,
            _index == _frame.Packets - 1,
            WallClock.NowNanoseconds);
        Span<byte> payload = _payload.AsSpan(2, packet.Size);
        WritePayload(payload, packet);
        _ring.Add(packet);
        Span<byte> header = stackalloc byte[StreamFormat.LongestHeader];
        int length = _format.WriteHeader(header, packet.Sequence, packet.Timestamp, packet.IsLast, NextTransportSequence());
        _transport.SendRtp(header[..length], payload, _sequence, ref sink);
        _sequence++;
        _stream.NextNumber = packet.Number + 1;
        _packets++;
        _octets += packet.Size;
    }

    /// <summary>RFC 4588: the original number, then the same octets, on the stream's retransmission source.</summary>
    private void Retransmit(MonoTime now, ushort sequence, ref PoolSink sink)
    {
        if (_format.RtxSsrc == 0 || _format.RtxPayloadType == 0 || !_ring.TryTake(now, sequence, out SentPacket packet))
        {
            return;
        }

        Span<byte> payload = _payload.AsSpan(0, packet.Size + 2);
        BinaryPrimitives.WriteUInt16BigEndian(payload, sequence);
        WritePayload(payload[2..], packet);
        Span<byte> header = stackalloc byte[StreamFormat.LongestHeader];
        int length = _format.WriteRtxHeader(
            header, (ushort)_rtxSequence, packet.Timestamp, packet.IsLast, NextTransportSequence());
        _transport.SendRtp(header[..length], payload, _rtxSequence, ref sink);
        _rtxSequence++;
        _stream.Retransmitted++;
    }

    private void WritePayload(Span<byte> payload, in SentPacket packet)
    {
        int framing = _audio ? 0 : Vp8Framing.Write(payload, packet.IsStart, packet.IsKey, packet.PictureId);
        SyntheticPayload.Write(
            payload[framing..], new PacketStamp(_stream.Room, _stream.Publisher, _stream.Kind, packet.Number, packet.SentAt));
    }

    private ushort NextTransportSequence() => _format.TransportCcId == 0 ? (ushort)0 : _transport.NextTransportSequence();
}

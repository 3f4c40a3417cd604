using System.Buffers.Binary;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Tests;

/// <summary>One copy as it left: the payload starts with the layer and the publisher's sequence number.</summary>
internal readonly record struct SentCopy(
    Consumer To, uint Ssrc, ulong Sequence, uint Timestamp, byte PayloadType, bool Marker, int Layer, ulong Source, MonoTime At,
    int Length = 20, byte Padding = 0);

/// <summary>A room whose shard is a recorder.</summary>
internal sealed class RecordedRoom
{
    public static readonly CodecBinding Vp8 = new(CodecName.Vp8, 96, 97, 90_000, 1, "", RtcpFeedback.Nack);
    public static readonly CodecBinding Opus = new(CodecName.Opus, 111, 0, 48_000, 2, "", RtcpFeedback.None);
    public static readonly CodecBinding Av1 = new(CodecName.Av1, 45, 46, 90_000, 1, "", RtcpFeedback.Nack);

    private Recorder _recorder;

    public RecordedRoom() => _recorder = new Recorder(this);

    public Router Router { get; } = new("project/room");

    public MonoTime Now { get; set; } = MonoTime.FromMilliseconds(1_000);

    public List<SentCopy> Sent { get; } = [];

    /// <summary>Whom the shard was told to prepare for together, and how many copies had been sent by then.</summary>
    public List<(Consumer[] Consumers, int SentBefore)> Prepared { get; } = [];

    public List<(Layer Layer, MonoTime At)> KeyFrameRequests { get; } = [];

    public List<(object Outlet, Layer Layer, ulong Sequence, int Length, bool StartsKeyFrame)> Relayed { get; } = [];

    /// <summary>There is no room on the way to other shards.</summary>
    public bool RelaysFull { get; set; }

    public List<ClockReference> Clocks { get; } = [];

    public List<string> Started { get; } = [];

    /// <summary>Codecs that subscribers negotiated, by the publisher's.</summary>
    public Dictionary<CodecName, byte> PayloadTypes { get; } = new() { [CodecName.Vp8] = 100, [CodecName.Opus] = 109 };

    public Producer Publish(string sid = "TR_a", MediaKind kind = MediaKind.Video, int layers = 1)
    {
        var producer = new Producer(sid, kind, layers);
        Router.Add(producer);
        return producer;
    }

    public Consumer Subscribe(string sid = "TR_a", MediaKind kind = MediaKind.Video, ushort first = 1_000)
    {
        var consumer = new Consumer(sid, kind, 0xC0_0000 + (uint)Router.Consumers.Count, first);
        Router.Add(consumer);
        return consumer;
    }

    /// <summary>Has a packet arrive by itself: it is forwarded at once.</summary>
    public void Send(
        Layer layer, ulong sequence, uint timestamp, bool key = false, uint ssrc = 7, CodecBinding? codec = null)
    {
        Arrive(layer, sequence, timestamp, key, ssrc, codec);
        Forward();
    }

    /// <summary>Sends what has arrived.</summary>
    public void Forward() => Router.Forward(Now, ref _recorder);

    /// <summary>Has a packet arrive that waits for others.</summary>
    /// <param name="length">Payload octets, 20 or more.</param>
    public void Arrive(
        Layer layer, ulong sequence, uint timestamp, bool key = false, uint ssrc = 7, CodecBinding? codec = null,
        int length = 20)
    {
        Span<byte> payload = stackalloc byte[length];
        payload[0] = (byte)layer.Index;
        BinaryPrimitives.WriteUInt64BigEndian(payload[1..], sequence);
        scoped IncomingRtp packet = default;
        packet.ExtendedSequence = sequence;
        packet.Ssrc = ssrc;
        packet.Timestamp = timestamp;
        packet.Codec = codec ?? (layer.Producer.Kind == MediaKind.Video ? Vp8 : Opus);
        packet.StartsKeyFrame = key;
        packet.Payload = payload;
        Router.Receive(Now, layer, packet, ref _recorder);
    }

    public void Resume(Consumer consumer, PauseReasons reason) => Router.Resume(Now, consumer, reason, ref _recorder);

    public void SetPaused(Producer producer, bool paused) => Router.SetPaused(Now, producer, paused, ref _recorder);

    public void Limit(Consumer consumer, int highestLayer) => Router.Limit(Now, consumer, highestLayer, ref _recorder);

    public void PictureLost(Layer layer) => Router.RequestKeyFrame(Now, layer, ref _recorder);

    public void PictureLost(Consumer consumer) => Router.RequestKeyFrame(Now, consumer, ref _recorder);

    public void Report(Layer layer, ClockReference clock) => Router.Report(layer, clock, ref _recorder);

    public void HandleTimeout() => Router.HandleTimeout(Now, ref _recorder);

    public void Advance(int milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Answers a NACK like the shard does; the copy that would be resent, or null.</summary>
    public (ResendResult Result, SentCopy? Copy) Nack(Consumer consumer, ulong sequence)
    {
        ResendResult result = Router.Find(Now, consumer, (ushort)sequence, out OutgoingRtp packet);
        return (result, result == ResendResult.Found ? Read(consumer, packet) : null);
    }

    private SentCopy Read(Consumer to, scoped in OutgoingRtp packet) => new(
        to, packet.Ssrc, packet.ExtendedSequence, packet.Timestamp, packet.PayloadType, packet.Marker,
        packet.Payload[0], BinaryPrimitives.ReadUInt64BigEndian(packet.Payload[1..]), Now,
        packet.Payload.Length, ReadPadding(packet));

    private static byte ReadPadding(scoped in OutgoingRtp packet)
    {
        byte padding = packet.Padding;
        if (padding > 0)
        {
            Assert.Equal(padding, packet.Payload[^1]);
        }

        return padding;
    }

    private readonly struct Recorder(RecordedRoom room) : IForwardOutput
    {
        public void Prepare(ReadOnlySpan<Consumer> consumers) => room.Prepared.Add((consumers.ToArray(), room.Sent.Count));

        public bool TryMapCodec(Consumer consumer, CodecBinding published, out CodecBinding negotiated)
        {
            bool isKnown = room.PayloadTypes.TryGetValue(published.Codec, out byte payloadType);
            negotiated = published with { PayloadType = payloadType };
            return isKnown;
        }

        public void Send(Consumer consumer, scoped in OutgoingRtp packet) => room.Sent.Add(room.Read(consumer, packet));

        public bool Relay(object outlet, Layer layer, scoped in IncomingRtp packet)
        {
            if (room.RelaysFull)
            {
                return false;
            }

            room.Relayed.Add((outlet, layer, packet.ExtendedSequence, packet.Payload.Length, packet.StartsKeyFrame));
            return true;
        }

        public void RequestKeyFrame(Layer layer) => room.KeyFrameRequests.Add((layer, room.Now));

        public void ClockChanged(Consumer consumer) => room.Clocks.Add(consumer.OutgoingClock);

        public void ProducerStarted(Producer producer, CodecBinding codec) => room.Started.Add(producer.TrackSid);
    }
}

using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>A router with one video track and its subscribers.</summary>
internal sealed class Room
{
    public static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(5);

    private readonly byte[] _payload;
    private readonly Producer _producer = new("TR_v", MediaKind.Video, 1);

    /// <param name="profile">Null for consumers without peers.</param>
    public Room(int payloadLength, int subscribers, SrtpProfile? profile)
    {
        _payload = Srtp.Keys.Bytes(1, payloadLength);
        // A VP8 descriptor that begins a key frame: every consumer starts at once.
        (_payload[0], _payload[1]) = (0x10, 0);
        Sink = SlotSink.Create();
        Router.Add(_producer);
        for (int number = 0; number < subscribers; number++)
        {
            var consumer = new Consumer("TR_v", MediaKind.Video, 1_000 + 2 * (uint)number, 100);
            if (profile is { } used)
            {
                SlotSink sink = Sink;
                consumer.Endpoint = new Subscriber(Ends.Subscriber(used, number, Tags, ref sink));
            }

            Router.Add(consumer);
            First ??= consumer;
        }
    }

    public Router Router { get; } = new("p/r");

    public Consumer? First { get; }

    public SlotSink Sink { get; }

    /// <summary>Those of the packets in the sink, as on a shard.</summary>
    public SrtpTagBatch Tags { get; } = new();

    public MonoTime Now { get; private set; } = MonoTime.FromMilliseconds(1);

    public ulong Sequence { get; private set; }

    public void Receive<TOutput>(ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        Sequence++;
        var packet = new IncomingRtp
        {
            ExtendedSequence = Sequence, Ssrc = Ends.Ssrc, Timestamp = (uint)Sequence * 450, Codec = Ends.Vp8, Payload = _payload, StartsKeyFrame = true,
        };
        Router.Receive(Now, _producer.Layers[0], packet, ref output);
    }

    public void Advance() => Now += FrameInterval;
}

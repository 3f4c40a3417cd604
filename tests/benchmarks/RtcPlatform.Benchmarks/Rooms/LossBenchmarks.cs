using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>Loss on both sides: what a subscriber's NACK finds and sends again, and how a publisher's gap is noticed.</summary>
[MemoryDiagnoser]
public class LossBenchmarks
{
    private const int Kept = 512;
    private const int Payload = 1_100;

    private readonly ushort[] _asked = new ushort[128];

    private NackRegister _register = null!;
    private Room _room = null!;
    private Subscriber _subscriber = null!;
    private SlotSink _sink;
    private MonoTime _now;
    private ulong _arrived;
    private ushort _oldest;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _register = new NackRegister();
        _room = new Room(Payload, subscribers: 1, SrtpProfile.AeadAes128Gcm);
        _subscriber = (Subscriber)_room.First!.Endpoint!;
        _sink = SlotSink.Create();
        for (int packet = 0; packet < Kept; packet++)
        {
            var output = new PeerOutput(_room.Now, _room.Sink);
            _room.Receive(ref output);
            _room.Router.Forward(_room.Now, ref output);
        }

        // The consumer numbers from 100.
        _oldest = 100;
        _now = _room.Now;
    }

    /// <summary>NACK to cached packet.</summary>
    [Benchmark(Baseline = true)]
    public int Find() => Find(out _);

    /// <summary>And once more through the peer, as RTX (RFC 4588).</summary>
    [Benchmark]
    public int FindAndSendRtx()
    {
        int found = Find(out OutgoingRtp packet);
        _subscriber.Stream.SendAgain(_now, packet, ref _sink);
        return found;
    }

    /// <summary>A hundred packets of which one is missing, asked for, and comes.</summary>
    [Benchmark]
    public int NoticeAndRepairGap()
    {
        ulong missing = _arrived + 50;
        int asked = 0;
        for (int packet = 0; packet < 100; packet++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            if (++_arrived != missing)
            {
                _register.Received(_arrived, _now, out _);
            }

            if (_register.NextDue <= _now)
            {
                asked += _register.CollectDue(_now, TimeSpan.FromMilliseconds(50), _asked);
            }
        }

        _register.Received(missing, _now, out _);
        return asked;
    }

    private int Find(out OutgoingRtp packet)
    {
        // The same packet comes round after much more than the 20 ms for which a second NACK is ignored.
        _now += TimeSpan.FromMilliseconds(1);
        _next = (_next + 1) % Kept;
        ResendResult result = _room.Router.Find(_now, _room.First!, (ushort)(_oldest + _next), out packet);
        return result == ResendResult.Found ? 1 : throw new InvalidOperationException($"The benchmark's packet is not found: {result}.");
    }
}

using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>One packet of 1,100 octets to all subscribers of its track: the router alone, and with header and encryption.</summary>
[MemoryDiagnoser]
public class FanoutBenchmarks
{
    private const int Payload = 1_100;

    private Room _bare = null!;
    private Room _gcm = null!;
    private Room _counterMode = null!;

    [Params(1, 10, 100, 1_000)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bare = new Room(Payload, Subscribers, profile: null);
        _gcm = new Room(Payload, Subscribers, SrtpProfile.AeadAes128Gcm);
        _counterMode = new Room(Payload, Subscribers, SrtpProfile.Aes128CmHmacSha1_80);
    }

    /// <summary>Cache, decisions, numbers; nothing is written.</summary>
    [Benchmark(Baseline = true)]
    public int RouterAlone()
    {
        var output = default(NoOutput);
        _bare.Advance();
        _bare.Receive(ref output);
        _bare.Router.Forward(_bare.Now, ref output);
        return output.Octets;
    }

    [Benchmark]
    public int ToSlotsByGcm() => ToSlots(_gcm);

    [Benchmark]
    public int ToSlotsByCounterMode() => ToSlots(_counterMode);

    private static int ToSlots(Room room)
    {
        room.Advance();
        var output = new PeerOutput(room.Now, room.Sink);
        room.Receive(ref output);
        room.Router.Forward(room.Now, ref output);
        room.Tags.Complete();
        return output.Sent;
    }
}

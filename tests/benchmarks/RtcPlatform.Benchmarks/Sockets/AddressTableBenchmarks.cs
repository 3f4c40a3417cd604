using BenchmarkDotNet.Attributes;
using RtcPlatform.Engine;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Benchmarks.Sockets;

/// <summary>From a datagram's source to its transport, addresses in random order, beside the dictionary of the library.</summary>
[MemoryDiagnoser]
public class AddressTableBenchmarks
{
    private readonly AddressTable _table = new(hashSeed: 7);
    private readonly Dictionary<TransportAddress, ShardTransport> _dictionary = [];

    private TransportAddress[] _asked = null!;
    private int _next;

    [Params(100, 10_000)]
    public int Addresses { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new RtcPeerOptions { LocalUfrag = "ufrag", LocalPassword = "password-password-password", Cname = "c", Seed = 1 };
        var transport = new ShardTransport("TP_1", "room", new RtcPeer(options, MonoTime.Zero), MonoTime.Zero);
        _asked = [.. Enumerable.Range(0, Addresses).Select(static i => TransportAddress.FromIPv4(0x0A00_0000 + (uint)i / 4, (ushort)(1_024 + i)))];
        foreach (TransportAddress address in _asked)
        {
            _table.Set(address, transport);
            _dictionary[address] = transport;
        }

        new Random(8).Shuffle(_asked);
    }

    [Benchmark(Baseline = true)]
    public int Dictionary() => _dictionary.TryGetValue(Asked(), out _) ? 1 : 0;

    [Benchmark]
    public int Find() => _table.Find(Asked()) is null ? 0 : 1;

    private ref readonly TransportAddress Asked()
    {
        _next = _next + 1 == _asked.Length ? 0 : _next + 1;
        return ref _asked[_next];
    }
}
